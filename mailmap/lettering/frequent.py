"""The syllables with marks that letters, subjects and file names of Vietnamese offices hold most often.

Promises:  lower case, NFC; what tells two old alphabets apart when a short text is Vietnamese in both.
"""

from __future__ import annotations

import re

FREQUENT = frozenset(
    re.findall(
        r"[^|]+",
        "biên|biết|biểu|bàn|bày|báo|bên|bình|bạ|bạn|bản|bảng|bảo|bắc|bắt|bằng|bị|bỏ|bố|bổ|bộ|chiếu|chuyển|chào|cháu|"
        "châu|chí|chính|chú|chúc|chúng|chưa|chương|chạy|chấp|chất|chế|chỉ|chỉnh|chị|chọn|chối|chống|chỗ|chờ|chủ|chức|"
        "chứng|chữ|các|cách|cán|cáo|cát|cân|câu|còn|có|công|cùng|căn|cũ|cũng|cơ|cư|cường|cả|cải|cảm|cấp|cấu|cần|cầu|"
        "cồn|cổ|cổng|cộng|cột|cục|của|cứ|cứu|cửa|diện|doãn|duyệt|dài|dân|dòng|dõi|dùng|dương|dưới|dưỡng|dạng|dạy|dấu|"
        "dẫn|dịch|dịp|dụ|dục|dụng|dừng|dữ|dự|dựng|giá|giám|giáo|giây|giãn|giả|giải|giảng|giấy|giới|giờ|giữ|giữa|gì|"
        "góp|gặp|gồm|gửi|hiển|hiểu|hiện|hiệu|hoà|hoàn|hoàng|hoá|hoạch|hoạt|hoặc|huyện|huấn|huệ|hà|hàng|hành|hãy|hình|"
        "hòa|hóa|hôm|hùng|hơn|hưng|hướng|hưởng|hạ|hại|hạn|hải|hảo|hậu|hằng|hết|hệ|học|họp|hỏi|hồ|hồi|hồng|hỗ|hộ|hội|"
        "hộp|hợp|hữu|khiếu|khoá|khoản|khác|khánh|khóa|không|khăn|khảo|khẩn|khẩu|khắc|khỏe|khối|khởi|kiến|kiểm|kiệm|"
        "kiện|kèm|kính|ký|kế|kết|kỳ|kỷ|kỹ|liêm|liên|liệt|liệu|loại|luận|luật|là|làm|làng|lâm|lãnh|lên|lúa|lúc|lý|"
        "lĩnh|lũ|lưu|lương|lược|lượng|lạc|lại|lạng|lấy|lần|lập|lễ|lệ|lệnh|lịch|lỗi|lộc|lời|lợi|lục|lựa|lực|miền|mà|"
        "máy|mã|mô|môi|mùa|mưa|mười|mạng|mạnh|mất|mẫu|mật|mọi|mỗi|một|mới|mời|mở|mục|mức|mừng|mỹ|nghiêm|nghiệm|"
        "nghiệp|nghèo|nghĩa|nghệ|nghị|nguyên|nguyễn|nguyện|nguồn|ngành|ngày|ngân|ngãi|ngăn|ngũ|người|ngược|ngạch|"
        "ngắn|ngọc|ngừng|nhiên|nhiều|nhiệm|nhiệt|nhuận|nhà|nhân|nhóm|như|nhưng|nhất|nhầm|nhận|nhập|nhật|nhắc|nhằm|"
        "nhỏ|những|niên|nào|này|nâng|nên|nêu|nó|nói|nông|núi|năm|năng|nơi|nước|nạn|nếu|nề|nền|nối|nổi|nội|nợ|nữ|nữa|"
        "phiên|phiếu|pháp|phát|phân|phê|phí|phòng|phó|phù|phú|phúc|phương|phước|phường|phạm|phạt|phải|phấn|phần|phẩm|"
        "phố|phối|phổ|phụ|phục|phủ|phức|quyết|quyền|quyển|quá|quán|quân|quý|quả|quản|quảng|quận|quốc|quỹ|riêng|rà|"
        "ráo|rõ|rất|rừng|sách|sáng|sáp|sát|sông|sĩ|sơn|sản|sắp|sẵn|sẽ|số|sống|sổ|sở|sức|sử|sửa|sự|sỹ|thiên|thiết|"
        "thiếu|thiện|thiệt|thuận|thuật|thuế|thuộc|thuỷ|thành|thái|thám|tháng|thêm|thì|thí|thôi|thôn|thông|thù|thú|"
        "thúc|thư|thương|thường|thưởng|thượng|thạc|thạch|thảo|thấp|thấy|thầu|thẩm|thận|thật|thắng|thế|thể|thị|thịnh|"
        "thọ|thỏa|thống|thời|thủ|thủy|thứ|thức|thừa|thử|thửa|thực|tiên|tiêu|tiến|tiếng|tiếp|tiết|tiền|tiểu|toàn|toán|"
        "triển|triệu|truyền|trân|trên|trì|trình|trí|trích|trò|trùng|trú|trưng|trương|trước|trường|trưởng|trạm|trạng|"
        "trả|trấn|trần|trẻ|trị|trọng|trống|trồng|trợ|trụ|trữ|trực|tài|tác|tâm|tân|tây|tên|tình|tích|tín|tính|tòa|tô|"
        "tôi|tù|tùng|tăng|tĩnh|tư|tương|tước|tướng|tường|tượng|tạc|tại|tạm|tạo|tải|tất|tầm|tầng|tập|tặng|tế|tệ|tệp|"
        "tỉ|tỉnh|tịch|tốc|tối|tốt|tồn|tổ|tổng|tớ|tới|tờ|từ|từng|tử|tự|tỷ|uỷ|viên|viết|việc|viện|việt|và|vàng|vào|vân|"
        "vâng|vì|ví|vùng|văn|vĩnh|vũ|vươn|vướng|vượt|vẫn|vật|vậy|về|vệ|vốn|với|vở|vụ|vực|xoá|xuân|xuất|xuống|xác|xây|"
        "xã|xét|xóa|xếp|xứ|xử|yên|yêu|yếu|án|ánh|áp|âm|ông|đa|đang|đi|điền|điều|điểm|điện|đoàn|đào|đáng|đánh|đáp|đâu|"
        "đây|đã|đèn|đêm|đình|đích|đính|đó|đóng|đô|đôi|đông|đúng|đăng|đĩa|đơn|đưa|đương|đường|được|đại|đạo|đạt|đảm|"
        "đảng|đảo|đất|đấu|đấy|đầu|đẩy|đặc|đặt|đế|đến|đề|đều|để|địa|địch|định|đọc|đối|đồ|đồi|đồn|đồng|đổi|độ|độc|đội|"
        "động|đời|đợt|đủ|đứa|đức|đứng|ơn|ưu|ước|ảnh|ấn|ấy|ủy",
    )
)
