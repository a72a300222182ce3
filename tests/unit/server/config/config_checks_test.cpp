#include "server/config/config_checks.hpp"

#include "base/clock.hpp"
#include "certs/self_signed.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/tmp_dir.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::server;

namespace {

/// Faults of the values alone, with their places.
std::string faults_of(const std::string& text) {
    return describe(parse_config(text).faults, "f");
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// A folder with a certificate for mail.example.test, and a file that names it.
struct named_files {
    named_files() {
        files = certs::ensure_self_signed(folder / "tls", "mail.example.test", now.wall());
        copy(files.certificate, "cert.pem");
        copy(files.private_key, "key.pem");
    }
    void copy(const std::filesystem::path& from, const char* name) const {
        std::filesystem::copy_file(from, folder / name,
                                   std::filesystem::copy_options::overwrite_existing);
    }
    [[nodiscard]] loaded_config checked(const std::string& text) const {
        auto loaded = parse_config(text);
        check_files(loaded, now.wall());
        return loaded;
    }
    [[nodiscard]] loaded_config with(const std::string& cert, const std::string& key) const {
        return checked(
            "hostname = \"mail.example.test\"\n[listen]\nsmtp = [\"127.0.0.1:25\"]\n"
            "submission = []\nsubmissions = []\nimap = []\nimaps = []\npop3 = []\npop3s = "
            "[]\n[tls]\ncertificate = \"" +
            (folder / cert).string() + "\"\nprivate_key = \"" + (folder / key).string() + "\"\n");
    }

    test::tmp_dir folder;
    test::manual_clock now{std::chrono::system_clock::now()};
    certs::certificate_files files;
};

/// Beyond loopback the server's user is noted to root; other tests do not want that.
std::string log_to(const std::string& target) {
    return "hostname = \"mail.example.test\"\n[listen]\nsmtp = [\"127.0.0.1:25\"]\nimap = []\n"
           "imaps = []\npop3 = []\npop3s = []\nhttp = []\nhttps = []\nadmin = []\n[log]\ntarget = "
           "\"" +
           target + "\"\n";
}

}  // namespace

TEST_CASE("config check: no two listeners of any kind may have one address and port") {
    const std::vector<std::string> names{"smtp",  "imap", "imaps", "pop3",
                                         "pop3s", "http", "https", "admin"};
    for (const auto& one : names)
        for (const auto& other : names) {
            if (one == other) continue;
            std::string text = "[listen]\n";
            for (const auto& name : names)
                text += name + " = " +
                        (name == one || name == other ? "[\"127.0.0.1:2525\"]\n" : "[]\n");
            const auto told = faults_of(text);
            CHECK_MESSAGE(contains(told, "listen." + one + " 127.0.0.1:2525"), text);
            CHECK_MESSAGE(contains(told, "listen." + other + " 127.0.0.1:2525"), text);
        }
}

TEST_CASE("config check: all addresses of the machine hold the single one too") {
    const auto listen = [](const std::string& smtp, const std::string& imap) {
        return faults_of("[listen]\nsmtp = [" + smtp + "]\nimap = [" + imap + "]\n");
    };
    for (const auto& [smtp, imap] :
         {std::pair("\"0.0.0.0:2525\"", "\"127.0.0.1:2525\""),
          std::pair("\"127.0.0.1:2525\"", "\"0.0.0.0:2525\""),
          std::pair("\"[::]:2525\"", "\"[::1]:2525\""), std::pair("\":2525\"", "\"[::1]:2525\""),
          std::pair("\":2525\"", "\"127.0.0.1:2525\""), std::pair("\":2525\"", "\":2525\""),
          std::pair("\"0.0.0.0:2525\", \"127.0.0.1:2525\"", "")})
        CHECK_MESSAGE(contains(listen(smtp, imap), "cannot both be listened on"), smtp, imap);
    // An IPv6 listener takes no IPv4; other ports, other addresses and free ports do not meet.
    for (const auto& [smtp, imap] : {std::pair("\"0.0.0.0:2525\"", "\"[::]:2525\""),
                                     std::pair("\"0.0.0.0:2525\"", "\"[::1]:2525\""),
                                     std::pair("\"127.0.0.1:2525\"", "\"127.0.0.2:2525\""),
                                     std::pair("\"127.0.0.1:2525\"", "\"127.0.0.1:2526\""),
                                     std::pair("\"127.0.0.1:0\"", "\"127.0.0.1:0\"")})
        CHECK_MESSAGE(listen(smtp, imap) == "", smtp, imap);
    CHECK(contains(listen("\"[::ffff:127.0.0.1]:2525\"", ""), "in the form of IPv6"));
}

TEST_CASE("config check: data_dir is a whole path, or says itself that it is not") {
    CHECK(contains(faults_of("data_dir = \"\"\n"), "f:1:12: data_dir is empty"));
    CHECK(contains(faults_of("data_dir = \"var/lib/hauspost\"\n"), "begin with a slash"));
    CHECK(faults_of("data_dir = \"/srv/mail\"\n") == "");
    const auto loaded = parse_config("data_dir = \"./data\"\n");
    CHECK(loaded.faults.empty());
    REQUIRE(loaded.notes.size() == 1);
    CHECK(contains(loaded.notes[0].what, "depends on the folder"));
}

TEST_CASE("config check: a host name without a dot is refused, but for localhost") {
    CHECK(contains(faults_of("hostname = \"mail\"\n"), "has no dot"));
    CHECK(faults_of("hostname = \"localhost\"\n") == "");
    CHECK(faults_of("hostname = \"mail.example.org\"\n") == "");
}

TEST_CASE("config check: a host name may be written with umlauts, and is used in A-labels") {
    const auto loaded = parse_config("hostname = \"Mail.m\xc3\xbcller.example\"\n");
    CHECK(loaded.faults.empty());
    CHECK(loaded.values.hostname == "mail.xn--mller-kva.example");
    CHECK(contains(faults_of("hostname = \"m\xc3\xbcller\"\n"), "has no dot"));
}

TEST_CASE_FIXTURE(named_files, "config check: certificate and key that fit each other are right") {
    const auto loaded = with("cert.pem", "key.pem");
    CHECK(describe(loaded.faults, "f") == "");
    CHECK(describe(loaded.notes, "f") == "");
}

TEST_CASE_FIXTURE(named_files, "config check: what is wrong with key or certificate is told") {
    const auto told = [this](const char* cert, const char* key) {
        return describe(with(cert, key).faults, "f");
    };
    CHECK(contains(told("nowhere.pem", "key.pem"), "f:11:15: tls.certificate"));
    CHECK(contains(told("cert.pem", "nowhere.pem"), "f:12:15: tls.private_key"));
    CHECK(contains(told("key.pem", "key.pem"), "holds no certificate"));
    const auto other =
        certs::ensure_self_signed(folder / "other", "mail.example.test", now.wall()).private_key;
    copy(other, "other.pem");
    CHECK(contains(told("cert.pem", "other.pem"), "does not belong to the certificate"));
    std::ofstream(folder / "empty.pem").flush();
    CHECK(contains(told("empty.pem", "key.pem"), "is empty"));
}

TEST_CASE_FIXTURE(named_files,
                  "config check: an expired certificate, or one for another name, is noted") {
    auto other_name = "hostname = \"other.example.test\"\n[tls]\ncertificate = \"" +
                      (folder / "cert.pem").string() + "\"\nprivate_key = \"" +
                      (folder / "key.pem").string() + "\"\n";
    CHECK(contains(describe(checked(other_name).notes, "f"),
                   "is not for the host name other.example.test"));
    now.move_wall(std::chrono::hours(24 * 900));
    const auto late = with("cert.pem", "key.pem");
    CHECK(late.faults.empty());
    CHECK(contains(describe(late.notes, "f"), "f:11:15: tls.certificate"));
    CHECK(contains(describe(late.notes, "f"), "has expired on"));
}

TEST_CASE_FIXTURE(named_files, "config check: the log goes to a file that can be written") {
    const auto told = [this](const std::string& target) {
        return describe(checked(log_to(target)).faults, "f");
    };
    CHECK(told((folder / "log").string()) == "");
    CHECK(told((folder / "cert.pem").string()) == "");
    CHECK(contains(told(folder.path().string()), "is a folder"));
    CHECK(contains(told((folder / "no" / "log").string()), "does not exist"));
    CHECK(contains(told(""), "names no file"));
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    CHECK(contains(told((folder / "fifo").string()), "is not a file"));
}
