#include "web/files.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

using namespace hauspost;

namespace {

const http::static_file* find(std::string_view path) {
    const auto all = web::admin_files();
    const auto found = std::ranges::find(all, path, &http::static_file::path);
    return found == all.end() ? nullptr : &*found;
}

std::string unpacked(std::string_view gzip, std::size_t octets) {
    std::string text(octets + 1, '\0');
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
    stream.avail_in = static_cast<uInt>(gzip.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    const auto ended = inflate(&stream, Z_FINISH);
    text.resize(stream.total_out);
    inflateEnd(&stream);
    REQUIRE(ended == Z_STREAM_END);
    return text;
}

std::string base64_of_hash(std::string_view text) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
    std::array<unsigned char, 64> base64{};
    const int length = EVP_EncodeBlock(base64.data(), hash.data(), static_cast<int>(hash.size()));
    return {reinterpret_cast<const char*>(base64.data()), static_cast<std::size_t>(length)};
}

}  // namespace

TEST_CASE("web: the page and all it names are in the program") {
    const auto* index = find("/index.html");
    REQUIRE(index != nullptr);
    CHECK(index->content_type == "text/html; charset=utf-8");
    CHECK_FALSE(index->immutable);
    const auto page = index->identity;
    std::size_t named = 0;
    for (auto at = page.find("\"/assets/"); at != page.npos; at = page.find("\"/assets/", at + 1)) {
        const auto path = page.substr(at + 1, page.find('"', at + 1) - at - 1);
        CAPTURE(path);
        const auto* file = find(path);
        REQUIRE(file != nullptr);
        CHECK(file->immutable);
        ++named;
    }
    CHECK(named > 3);
}

TEST_CASE("web: each file has a path and a tag of its own, and packed octets that are smaller") {
    std::set<std::string_view> paths;
    std::set<std::string_view> tags;
    for (const auto& one : web::admin_files()) {
        CAPTURE(one.path);
        CHECK(one.path.starts_with('/'));
        CHECK(paths.insert(one.path).second);
        CHECK(tags.insert(one.etag).second);
        CHECK(one.etag.find_first_not_of("0123456789abcdef") == one.etag.npos);
        CHECK(one.etag.size() <= 64);
        CHECK_FALSE(one.content_type.empty());
        CHECK_FALSE(one.identity.empty());
        CHECK((one.br.empty() || one.br.size() < one.identity.size()));
        CHECK((one.gzip.empty() || one.gzip.size() < one.identity.size()));
        if (!one.gzip.empty()) CHECK(unpacked(one.gzip, one.identity.size()) == one.identity);
    }
    CHECK(paths.size() > 20);
}

TEST_CASE("web: scripts and style sheets are packed in both ways") {
    std::size_t scripts = 0;
    for (const auto& one : web::admin_files()) {
        if (!one.path.ends_with(".js") || one.identity.size() < 1024) continue;
        CAPTURE(one.path);
        CHECK_FALSE(one.br.empty());
        CHECK_FALSE(one.gzip.empty());
        ++scripts;
    }
    CHECK(scripts > 10);
}

TEST_CASE("web: the policy allows the one inline script of the page, and nothing of elsewhere") {
    const auto policy = std::string(web::admin_content_security_policy());
    CHECK(policy.starts_with("default-src 'none'; "));
    CHECK(policy.find("unsafe") == policy.npos);
    CHECK(policy.find("http") == policy.npos);
    const auto* index = find("/index.html");
    REQUIRE(index != nullptr);
    const auto page = index->identity;
    constexpr std::string_view opening = "<script>";
    const auto first = page.find(opening) + opening.size();
    REQUIRE(page.find(opening) != page.npos);
    CHECK(page.find(opening, first) == page.npos);
    const auto script = page.substr(first, page.find("</script>", first) - first);
    CHECK(policy.find("'sha256-" + base64_of_hash(script) + '\'') != policy.npos);
    CHECK(page.find("<style") == page.npos);
    CHECK(page.find(" style=") == page.npos);
}

TEST_CASE("web: no file of the page names a place on the network") {
    for (const auto& one : web::admin_files()) {
        if (!one.path.ends_with(".html") && !one.path.ends_with(".css")) continue;
        CAPTURE(one.path);
        CHECK(one.identity.find("http://") == one.identity.npos);
        CHECK(one.identity.find("https://") == one.identity.npos);
        CHECK(one.identity.find("url(//") == one.identity.npos);
    }
}
