#include "certs/self_signed.hpp"

#include "tests/support/tmp_dir.hpp"
#include "tests/unit/certs/days.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

using namespace hauspost;
using namespace hauspost::certs;
using test::days;

namespace {

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

unsigned mode_of(const std::filesystem::path& file) {
    struct stat info {};
    REQUIRE(::stat(file.c_str(), &info) == 0);
    return info.st_mode & 0777U;
}

}  // namespace

TEST_CASE("self-signed: the first start makes a P-256 pair for host name and localhost") {
    const test::tmp_dir dir;
    const test::manual_clock now{test::today()};
    const auto files = ensure_self_signed(dir / "data/tls", "Mail.Example.Test", now.wall());
    const auto cert = read_certificate(files);
    CHECK(cert.names == std::vector<std::string>{"mail.example.test", "localhost"});
    CHECK(EVP_PKEY_get_bits(cert.key.get()) == 256);
    CHECK(EVP_PKEY_is_a(cert.key.get(), "EC") == 1);
    CHECK(cert.is_valid_at(now.wall().now()));
    CHECK(cert.not_after - cert.not_before <= days(825));
    CHECK(cert.not_after - cert.not_before > days(800));
}

TEST_CASE("self-signed: only the server's user may read key and folder") {
    const test::tmp_dir dir;
    const test::manual_clock now{test::today()};
    const auto files = ensure_self_signed(dir / "tls", "mail.example.test", now.wall());
    CHECK(mode_of(files.private_key) == 0600);
    CHECK(mode_of(files.certificate) == 0600);
    CHECK(mode_of(dir / "tls") == 0700);
}

TEST_CASE("self-signed: a pair that fits is kept") {
    const test::tmp_dir dir;
    test::manual_clock now{test::today()};
    const auto files = ensure_self_signed(dir / "tls", "mail.example.test", now.wall());
    const auto before = contents(files.certificate);
    now.move_wall(days(790));
    static_cast<void>(ensure_self_signed(dir / "tls", "mail.example.test", now.wall()));
    CHECK(contents(files.certificate) == before);
}

TEST_CASE("self-signed: a pair that ends soon, has another name or is half written is made anew") {
    const test::tmp_dir dir;
    test::manual_clock now{test::today()};
    const auto files = ensure_self_signed(dir / "tls", "mail.example.test", now.wall());
    const auto before = contents(files.certificate);
    std::string host = "mail.example.test";
    SUBCASE("ends soon") {
        now.move_wall(days(800));
    }
    SUBCASE("other name") {
        host = "other.example.test";
    }
    SUBCASE("a crash came between key and certificate") {
        const auto other = ensure_self_signed(dir / "other", host, now.wall());
        std::filesystem::copy_file(other.private_key, files.private_key,
                                   std::filesystem::copy_options::overwrite_existing);
    }
    SUBCASE("half written") {
        std::filesystem::resize_file(files.certificate, 100);
    }
    SUBCASE("a temporary file was left behind") {
        std::ofstream(files.private_key.string() + ".new") << "old";
        std::filesystem::remove(files.private_key);
    }
    static_cast<void>(ensure_self_signed(dir / "tls", host, now.wall()));
    CHECK(contents(files.certificate) != before);
    const auto cert = read_certificate(files);
    CHECK(cert.has_name(host));
    CHECK(cert.is_valid_at(now.wall().now()));
}

TEST_CASE("self-signed: a host name cannot smuggle in more names, nor is one too long for a CN") {
    const test::tmp_dir dir;
    const test::manual_clock now{test::today()};
    const std::string odd = "a.example.test,DNS:evil.example";
    CHECK(read_certificate(ensure_self_signed(dir / "a", odd, now.wall())).names ==
          std::vector<std::string>{"a.example.test,dns:evil.example", "localhost"});
    const std::string at_limit = std::string(52, 'a') + ".example.org";  // 64
    const std::string past = std::string(53, 'a') + ".example.org";
    CHECK(read_certificate(ensure_self_signed(dir / "b", at_limit, now.wall())).has_name(at_limit));
    CHECK(read_certificate(ensure_self_signed(dir / "c", past, now.wall())).has_name(past));
}

TEST_CASE("self-signed: a folder that cannot be made is told with its path") {
    const test::tmp_dir dir;
    const test::manual_clock now{test::today()};
    std::ofstream(dir / "file") << "not a folder";
    try {
        static_cast<void>(ensure_self_signed(dir / "file/tls", "mail.example.test", now.wall()));
        FAIL("it was made");
    } catch (const certificate_error& fault) {
        CHECK(std::string(fault.what()).find((dir / "file/tls").string()) == 0);
    }
}
