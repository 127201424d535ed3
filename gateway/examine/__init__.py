"""Eyes on hostile bytes: types and contents."""
