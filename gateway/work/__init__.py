"""The hands that register, dispatch and wait on the clock."""
