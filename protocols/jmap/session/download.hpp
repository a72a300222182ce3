#pragma once

#include "protocols/http/request.hpp"
#include "protocols/http/response.hpp"
#include "protocols/jmap/session/call.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::jmap {

/// What "/jmap/download/ACCOUNT/BLOB/NAME" names.
struct download_path {
    std::string account;
    std::string email;  // "M..."
    std::string part;   // "1.2"; "": the whole message
    std::string name;
};
/// nullopt: it is no such path.
[[nodiscard]] std::optional<download_path> parse_download_path(std::string_view path);

/// Content-Disposition for a file of that name, which is never shown in place: without controls and
/// without marks that turn the direction of what stands around them.
/// RFC  6266 4, 8187 3.2
[[nodiscard]] std::string attachment_field(std::string_view name);

/// Octets that all answers together hold while slow clients take them. Thread: any.
class download_room {
public:
    explicit download_room(std::size_t octets) : left_(octets) {}
    /// null: there is no room now. Gives it back when it goes.
    [[nodiscard]] static std::shared_ptr<const void> take(
        const std::shared_ptr<download_room>& from, std::size_t octets);

private:
    std::mutex mutex_;
    std::size_t left_;
};

/// A message or a part of one as a file: 200, 404 for everything that is not to be had, 503.
/// Throws  storage::fault
/// RFC     8620 6.2
awaitable<http::response> download(const call_context& with,
                                   const std::shared_ptr<download_room>& room,
                                   const http::request_head& head);

}  // namespace hauspost::jmap
