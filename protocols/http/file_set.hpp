#pragma once

#include "protocols/http/request.hpp"
#include "protocols/http/response.hpp"
#include "protocols/http/static_file.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace hauspost::http {

/// The files of one page, as they are asked for: the form that the client takes best, only if it
/// has not got it already, or a piece of it. Nothing is copied.
///
/// Files whose names hold a hash may be kept for ever, all others are asked for again each time.
///
/// Lifetime: the files must outlive all sessions. Thread: any.
/// RFC  9110 8.4, 8.8.3, 12.5.3, 13, 14; 8246 (immutable); 9111 5.2.2
class file_set {
public:
    /// files  in any order
    /// index  the page itself: answers "/" and the routes within the page; "": there is none
    /// Throws  std::logic_error for a path that is none or is there twice, a type, tag or index that
    ///         cannot be right
    explicit file_set(std::span<const static_file> files, std::string_view index = "/index.html");

    /// The file with exactly this path, or the page for "/". nullptr: there is none.
    [[nodiscard]] const static_file* find(std::string_view path) const noexcept;

    /// The same, and the page for each path that looks like a route within it, asked for by a client
    /// that would show HTML. With a dot in its last segment ("/accounts/ann@a.example") it is a route
    /// only for who says that he wants a page, and not in a folder of files. Ask for all else before.
    [[nodiscard]] const static_file* find_route(const request_head& head) const noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return by_path_.size(); }

private:
    [[nodiscard]] bool has_files_in(std::string_view folder) const noexcept;

    std::vector<const static_file*> by_path_;  // sorted
    const static_file* index_ = nullptr;
};

/// The answer to a request of a file: 200, 206, 304; 405, 406, 412, 416.
[[nodiscard]] response to_response(const request_head& head,
                                   const static_file& file,
                                   std::chrono::sys_seconds now);

}  // namespace hauspost::http
