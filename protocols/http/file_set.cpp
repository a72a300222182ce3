#include "protocols/http/file_set.hpp"

#include "base/ascii.hpp"
#include "protocols/http/accept_encoding.hpp"
#include "protocols/http/conditions.hpp"
#include "protocols/http/problem.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace hauspost::http {
namespace {

constexpr std::size_t max_tag_octets = 64;

bool is_proper_path(std::string_view path) noexcept {
    const bool is_plain = std::all_of(path.begin(), path.end(), [](char c) {
        return c > ' ' && c < 0x7f && std::string_view("?#%\\").find(c) == std::string_view::npos;
    });
    if (!is_plain || path.size() < 2 || path.front() != '/' || path.back() == '/') return false;
    const std::string closed = std::string(path) + '/';
    for (const std::string_view bad : {"//", "/./", "/../"})
        if (closed.find(bad) != std::string::npos) return false;
    return true;
}

bool is_proper_tag(std::string_view tag) noexcept {
    return !tag.empty() && tag.size() <= max_tag_octets &&
           std::all_of(tag.begin(), tag.end(),
                       [](char c) { return ascii::is_alnum(c) || c == '-' || c == '_'; });
}

void check(const static_file& file) {
    const std::string what = "the file " + std::string(file.path);
    if (!is_proper_path(file.path)) throw std::logic_error(what + " has no proper path");
    if (!is_proper_tag(file.etag)) throw std::logic_error(what + " has no proper tag");
    if (file.content_type.empty()) throw std::logic_error(what + " has no type");
}

bool comes_before(const static_file* file, std::string_view path) noexcept {
    return file->path < path;
}

/// RFC 9110 8.8.3.3: two forms of a file are two representations.
std::string etag_of(const static_file& file, coding form) {
    std::string tag = '"' + std::string(file.etag);
    if (form != coding::identity) tag += '-' + std::string(name_of(form));
    return tag + '"';
}

std::string_view octets_of(const static_file& file, coding form) noexcept {
    switch (form) {
    case coding::identity: return file.identity;
    case coding::gzip: return file.gzip;
    case coding::br: return file.br;
    }
    return file.identity;
}

/// Browsers say it of what shall become a page, and of nothing that a page loads.
bool wants_a_page(const request_head& head) {
    const auto accepted = head.fields.joined("Accept").value_or("");
    return ascii::find_nocase(accepted, "text/html") != std::string_view::npos;
}

bool would_show_html(const request_head& head) {
    const auto accepted = head.fields.joined("Accept");
    if (!accepted) return true;
    return ascii::find_nocase(*accepted, "text/html") != std::string_view::npos ||
           accepted->find("*/*") != std::string::npos;
}

/// What every answer with this representation says of it, 304 as well (RFC 9110 15.4.5).
void describe(response& answer, const static_file& file, std::string_view etag, bool varies) {
    answer.fields.add("ETag", etag);
    // RFC 8246 2: not even a reload asks again.
    answer.fields.add("Cache-Control",
                      file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (varies) answer.fields.add("Vary", "Accept-Encoding");
    answer.route = "file";
}

void give_range(response& answer, std::string_view octets, const range_wish& wish) {
    if (wish.kind == range_kind::whole) {
        answer.fixed = octets;
    } else {
        answer.status = 206;
        answer.fixed = octets.substr(wish.range.first, wish.range.octets);
        answer.fields.add("Content-Range", content_range(wish.range, octets.size()));
    }
}

response no_such_range(std::size_t size) {
    auto answer = to_response(problem(416, "range_not_satisfiable"));
    answer.fields.add("Content-Range", "bytes */" + std::to_string(size));
    return answer;
}

}  // namespace

file_set::file_set(std::span<const static_file> files, std::string_view index) {
    for (const auto& file : files) {
        check(file);
        by_path_.push_back(&file);
    }
    std::sort(by_path_.begin(), by_path_.end(),
              [](const static_file* a, const static_file* b) { return a->path < b->path; });
    const auto same = [](const static_file* a, const static_file* b) { return a->path == b->path; };
    const auto twice = std::adjacent_find(by_path_.begin(), by_path_.end(), same);
    if (twice != by_path_.end())
        throw std::logic_error("the file " + std::string((*twice)->path) + " is there twice");
    if (index.empty()) return;
    index_ = find(index);
    if (index_ == nullptr) throw std::logic_error("there is no file " + std::string(index));
}

const static_file* file_set::find(std::string_view path) const noexcept {
    if (path == "/") return index_;
    const auto found = std::lower_bound(by_path_.begin(), by_path_.end(), path, comes_before);
    return found != by_path_.end() && (*found)->path == path ? *found : nullptr;
}

const static_file* file_set::find_route(const request_head& head) const noexcept {
    if (const auto* file = find(head.path)) return file;
    const std::string_view path(head.path);
    if (!head.is_read_only() || !would_show_html(head)) return nullptr;
    const auto folder = path.substr(0, path.rfind('/') + 1);
    const bool may_be_a_file = path.substr(folder.size()).find('.') != std::string_view::npos;
    if (may_be_a_file && (!wants_a_page(head) || has_files_in(folder))) return nullptr;
    return index_;
}

/// Below the uppermost folder, where the page itself lies.
bool file_set::has_files_in(std::string_view folder) const noexcept {
    if (folder == "/") return false;
    const auto next = std::lower_bound(by_path_.begin(), by_path_.end(), folder, comes_before);
    return next != by_path_.end() && (*next)->path.starts_with(folder);
}

response to_response(const request_head& head,
                     const static_file& file,
                     std::chrono::sys_seconds now) {
    if (!head.is_read_only()) return method_not_allowed("GET, HEAD");
    const codings there{!file.gzip.empty(), !file.br.empty()};
    const auto form = choose_coding(head.fields.joined("Accept-Encoding"), there);
    if (!form) return to_response(problem(406, "no_such_encoding"));
    const auto etag = etag_of(file, *form);
    const auto octets = octets_of(file, *form);
    const representation sent{etag, std::nullopt, true};
    response answer;
    describe(answer, file, etag, there.gzip || there.br);
    switch (check_conditions(head, sent, now)) {
    case condition::holds: break;
    case condition::not_modified: answer.status = 304; return answer;
    case condition::failed: return to_response(problem(412, "condition_failed"));
    }
    const auto wish = wanted_range(head, sent, octets.size(), now);
    if (wish.kind == range_kind::unsatisfiable) return no_such_range(octets.size());
    answer.fields.add("Content-Type", file.content_type);
    answer.fields.add("Accept-Ranges", "bytes");
    if (*form != coding::identity) answer.fields.add("Content-Encoding", name_of(*form));
    give_range(answer, octets, wish);
    return answer;
}

}  // namespace hauspost::http
