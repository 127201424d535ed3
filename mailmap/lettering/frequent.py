"""The syllables with marks that letters, subjects and file names of Vietnamese offices hold most often.

Promises:  lower case, NFC; what tells two old alphabets apart when a short text is Vietnamese in both.
"""

FREQUENT = frozenset(
    """
    biên biết biểu bàn bày báo bên bình bạ bạn bản bảng bảo bắc bắt bằng bị bỏ bố bộ bổ chiếu chuyển chào cháu châu chí
    chính chú chúc chúng chưa chương chạy chấp chất chế chỉ chỉnh chị chọn chối chỗ chống chờ chủ chức chứng chữ
    các cách cán cáo cát cân câu còn có công cùng căn cũ cũng cư cơ cường cả cải cảm cấp cấu cần cầu cồn cổ cổng cộng
    cột cục của cứ cứu cửa diện doãn dung duyệt dài dân dòng dõi dùng dương dưới dưỡng dạng dạy dấu dẫn dịch dịp dụ dục
    dụng dừng dữ dự dựng giá giáo giám giây giãn giả giải giảng giấy giới giờ giữ giữa gì góp gặp gồm gửi hiển hiểu
    hiện hiệu hoà hoàn hoàng hoá hoạch hoạt hoặc huyện huấn huệ hà hàng hành hãy hình hòa hóa hôm hùng hơn hưng hưởng
    hướng hạ hạn hải hại hảo hậu hằng hết hệ học họp hỏi hồ hồi hồng hỗ hội hộp hộ hợp hữu khiếu khoá khoản khác khánh
    khóa không khăn khảo khẩn khẩu khắc khối khởi khỏe khu kiểm kiến kiện kiệm kèm kính ký kế kết kỳ kỹ kỷ liên liêm
    liệt liệu loại luật luận là làm làng lâm lãnh lên lĩnh lúa lúc lý lũ lưu lương lược lượng lạc lại lạng lấy lần lập
    lễ lệ lệnh lịch lỗi lộc lời lợi lục lực lựa miền mà máy mã mô môi mùa mưa mười mạng mạnh mất mẫu mật mọi mỗi một
    mới mời mở mức mục mừng mỹ nghe nghiêm nghiệm nghiệp nghèo nghĩa nghị nghệ nguyên nguyễn nguyện nguồn ngành ngày
    ngân ngãi ngưòi ngăn ngũ ngược người ngạch ngắn ngọc ngừng nhiên nhiều nhiệm nhiệt nhuận nhà nhân như nhưng nhóm
    nhất nhằm nhầm nhận nhập nhật nhắc nhỏ những niên này nào nâng nên nêu nó nói nông núi năm năng nơi nước nạn nếu
    nền nề nối nổi nội nợ nữ nữa phiếu phiên pháp phát phân phê phí phòng phó phù phú phúc phương phường phước phạm phạt
    phải phấn phần phẩm phối phố phổ phụ phủ phục phức quyết quyền quyển quá quán quân quý quả quảng quản quận quốc
    quỹ riêng rà ráo rất rõ rừng sinh sách sáng sáp sát sông sĩ sơn sản sắp sẽ sẵn số sống sổ sở sự sử sửa sức sỹ thi
    thiên thiết thiếu thiện thiệt thuế thuộc thuận thuỷ thuật thành thái tháng thám thêm thì thí thôi thôn thông thù
    thú thúc thư thương thường thưởng thượng thạc thạch thảo thấp thấy thầu thẩm thận thật thắng thể thế thị thịnh thọ
    thỏa thống thời thử thừa thửa thứ thức thực thủ thủy tiên tiêu tiến tiếng tiếp tiền tiết tiểu toàn toán triển triệu
    truyền trân trên trì trí trích trình trò trùng trú trưng trước trương trường trưởng trạm trạng trả trấn trần trẻ
    trị trọng trồng trống trợ trụ trữ trực tài tác tâm tân tây tên tình tích tín tính tòa tô tôi tù tùng tăng tĩnh
    tư tương tước tướng tường tượng tạc tại tạm tạo tải tất tầm tầng tập tặng tế tệ tệp tỉnh tịch tốc tối tốt tồn
    tổ tổng tới tớ tờ từ từng tử tự tỷ tỉ viên viết việc viện việt vong và vào vâng vân vì ví văn vàng vĩnh vũ vùng vươn
    vượt vướng vẫn vật vậy vệ về với vốn vở vụ vực xuân xuất xuống xã xác xây xét xóa xoá xếp xử xứ yên yêu yếu án
    áp ánh âm ông ưu ước ơn ấn ấy ảnh ủy uỷ đa đang đi điền điều điểm điện đoàn đã đào đáng đánh đáp đâu đây đèn đêm
    đình đích đính đó đóng đô đôi đông đúng đưa đương được đường đạt đại đạo đảm đảng đảo đầu đấu đấy đẩy đất đặc đặt
    đề đến đều để đế định địa địch đĩa đọc đội đối đồ đồi đồn đồng đổi độ độc động đợt đời đủ đức đứng đứa đăng đơn
    """.split()  # noqa: SIM905  a list of words reads better
)
