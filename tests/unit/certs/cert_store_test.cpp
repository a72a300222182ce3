#include "certs/cert_store.hpp"

#include "certs/self_signed.hpp"
#include "tests/support/tmp_dir.hpp"
#include "tests/unit/certs/days.hpp"

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>

using namespace hauspost;
using namespace hauspost::certs;
using test::days;

namespace {

struct fixture {
    certificate_files make(const std::string& name) {
        return ensure_self_signed(dir / name, name, now.wall());
    }
    void replace(const certificate_files& by, const certificate_files& what) {
        const auto overwrite = std::filesystem::copy_options::overwrite_existing;
        std::filesystem::copy_file(by.certificate, what.certificate, overwrite);
        std::filesystem::copy_file(by.private_key, what.private_key, overwrite);
    }
    test::tmp_dir dir;
    test::manual_clock now{test::today()};
};

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::trunc) << text;
}

std::string fault_of(const certificate_files& files) {
    try {
        static_cast<void>(read_certificate(files));
        return "";
    } catch (const certificate_error& fault) {
        return fault.what();
    }
}

bool says(const std::string& text, const std::filesystem::path& file, const std::string& what) {
    return text.find(file.string() + ": ") == 0 && text.find(what) != std::string::npos;
}

std::string first_name(const std::shared_ptr<const certificate>& cert) {
    return cert->names.front();
}

}  // namespace

TEST_CASE_FIXTURE(fixture, "certificate: each fault names the file and what to do") {
    const auto files = make("a.example.test");
    const std::string good_cert = contents(files.certificate);
    const std::string good_key = contents(files.private_key);
    SUBCASE("no such certificate") {
        std::filesystem::remove(files.certificate);
        CHECK(says(fault_of(files), files.certificate, "No such file"));
    }
    SUBCASE("no such key") {
        std::filesystem::remove(files.private_key);
        CHECK(says(fault_of(files), files.private_key, "No such file"));
    }
    SUBCASE("a folder") {
        certificate_files folder = files;
        folder.certificate = dir.path();
        CHECK(says(fault_of(folder), dir.path(), "cannot be read"));
    }
    SUBCASE("empty") {
        write(files.certificate, "");
        CHECK(says(fault_of(files), files.certificate, "is empty"));
    }
    SUBCASE("text without a certificate") {
        write(files.certificate, "hello\n");
        CHECK(says(fault_of(files), files.certificate, "holds no certificate"));
    }
    SUBCASE("key where the certificate should be") {
        write(files.certificate, good_key);
        CHECK(says(fault_of(files), files.certificate, "holds no certificate"));
    }
    SUBCASE("certificate in DER form") {
        const auto cert = read_certificate(files);
        FILE* out = std::fopen(files.certificate.c_str(), "w");
        i2d_X509_fp(out, cert.own.get());
        std::fclose(out);
        CHECK(says(fault_of(files), files.certificate, "in DER form"));
    }
    SUBCASE("key in DER form") {
        const auto cert = read_certificate(files);
        FILE* out = std::fopen(files.private_key.c_str(), "w");
        i2d_PrivateKey_fp(out, cert.key.get());
        std::fclose(out);
        CHECK(says(fault_of(files), files.private_key, "in DER form"));
    }
    SUBCASE("a FIFO that nobody writes to") {
        std::filesystem::remove(files.private_key);
        REQUIRE(::mkfifo(files.private_key.c_str(), 0600) == 0);
        CHECK(says(fault_of(files), files.private_key, "not a regular file"));
    }
    SUBCASE("second certificate half written") {
        write(files.certificate, good_cert + good_cert.substr(0, good_cert.size() / 2));
        CHECK(says(fault_of(files), files.certificate, "half written"));
    }
    SUBCASE("key half written") {
        write(files.private_key, good_key.substr(0, good_key.size() / 2));
        CHECK(says(fault_of(files), files.private_key, "one complete"));
    }
    SUBCASE("key of another certificate") {
        const auto other = make("b.example.test");
        write(files.private_key, contents(other.private_key));
        CHECK(says(fault_of(files), files.private_key, "does not belong to"));
    }
    SUBCASE("key with a passphrase") {
        const auto cert = read_certificate(files);
        FILE* out = std::fopen(files.private_key.c_str(), "w");
        unsigned char phrase[] = "secret";
        PEM_write_PKCS8PrivateKey(out, cert.key.get(), EVP_aes_128_cbc(),
                                  reinterpret_cast<char*>(phrase), 6, nullptr, nullptr);
        std::fclose(out);
        CHECK(says(fault_of(files), files.private_key, "passphrase"));
    }
    SUBCASE("file of 1 MB and one octet") {
        write(files.certificate, std::string((1U << 20) + 1, 'x'));
        CHECK(says(fault_of(files), files.certificate, "larger than 1 MiB"));
    }
    SUBCASE("file of exactly 1 MB") {
        write(files.certificate, good_cert + std::string((1U << 20) - good_cert.size(), '\n'));
        CHECK(fault_of(files).empty());
    }
    SUBCASE("key that is too short") {
        const key_ptr weak(EVP_RSA_gen(1024));
        const x509_ptr cert(X509_new());
        X509_gmtime_adj(X509_getm_notBefore(cert.get()), 0);
        X509_gmtime_adj(X509_getm_notAfter(cert.get()), 3600);
        X509_set_pubkey(cert.get(), weak.get());
        X509_sign(cert.get(), weak.get(), EVP_sha256());
        FILE* out = std::fopen(files.private_key.c_str(), "w");
        PEM_write_PrivateKey(out, weak.get(), nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(out);
        out = std::fopen(files.certificate.c_str(), "w");
        PEM_write_X509(out, cert.get());
        std::fclose(out);
        CHECK(says(fault_of(files), files.private_key, "too weak"));
    }
}

TEST_CASE_FIXTURE(fixture, "certificate: intermediates behind the own one are its chain") {
    const auto files = make("a.example.test");
    const auto other = make("b.example.test");
    write(files.certificate, contents(files.certificate) + contents(other.certificate));
    const auto cert = read_certificate(files);
    CHECK(sk_X509_num(cert.chain.get()) == 1);
    CHECK(cert.has_name("a.example.test"));
    CHECK_FALSE(cert.has_name("b.example.test"));
}

TEST_CASE_FIXTURE(fixture, "cert store: the name decides, case and a last dot do not") {
    const cert_store store({make("a.example.test"), make("b.example.test"), make("*.example.org")},
                           now.wall());
    CHECK(first_name(store.choose("b.example.test")) == "b.example.test");
    CHECK(first_name(store.choose("B.Example.TEST")) == "b.example.test");
    CHECK(first_name(store.choose("b.example.test.")) == "b.example.test");
    CHECK(first_name(store.choose("x.example.org")) == "*.example.org");
    CHECK(first_name(store.choose("x.example.org.")) == "*.example.org");
    CHECK(first_name(store.choose("example.org")) == "a.example.test");
    CHECK(first_name(store.choose("x.y.example.org")) == "a.example.test");
    CHECK(first_name(store.choose(".example.org")) == "a.example.test");
    CHECK(first_name(store.choose("")) == "a.example.test");
    CHECK(first_name(store.choose(".")) == "a.example.test");
    CHECK(first_name(store.choose("localhost")) == "a.example.test");
}

TEST_CASE_FIXTURE(fixture, "cert store: A17 odd names get the default and leave nothing behind") {
    const cert_store store({make("a.example.test"), make("b.example.test")}, now.wall());
    const auto normal = store.choose("");
    const auto references = normal.use_count();
    const std::string odd[] = {"b.example.test\\",
                               "..",
                               std::string(255, 'a'),
                               std::string(256, 'a'),
                               "b.example.test..",
                               std::string(1, '\0'),
                               "\xff\xfe",
                               "*",
                               "b.example.test/../x"};
    for (const auto& name : odd)
        CHECK(store.choose(name) == normal);
    std::mt19937 random(17);
    for (int i = 0; i < 100'000; ++i) {
        std::string name(random() % 40, ' ');
        for (auto& c : name)
            c = static_cast<char>(random());
        REQUIRE(store.choose(name) == normal);
    }
    CHECK(normal.use_count() == references);
}

TEST_CASE_FIXTURE(fixture,
                  "cert store: reload shows the new pair and leaves the old to its users") {
    const auto files = make("a.example.test");
    cert_store store({files}, now.wall());
    const auto old = store.choose("");
    replace(make("b.example.test"), files);
    CHECK(store.reload().empty());
    CHECK(first_name(store.choose("")) == "b.example.test");
    CHECK(first_name(old) == "a.example.test");
}

TEST_CASE_FIXTURE(fixture, "cert store: E10 a pair that cannot be used keeps the old one in use") {
    const auto files = make("a.example.test");
    const auto good = make("b.example.test");
    cert_store store({files, good}, now.wall());
    const auto old = store.choose("");
    SUBCASE("half written certificate") {
        std::filesystem::resize_file(files.certificate, 200);
    }
    SUBCASE("key of another certificate") {
        std::filesystem::copy_file(good.private_key, files.private_key,
                                   std::filesystem::copy_options::overwrite_existing);
    }
    SUBCASE("files gone") {
        std::filesystem::remove(files.certificate);
    }
    SUBCASE("new one not valid yet") {
        test::manual_clock later{test::today()};
        later.move_wall(days(10));
        replace(ensure_self_signed(dir / "later", "a.example.test", later.wall()), files);
    }
    SUBCASE("new one expired") {
        test::manual_clock earlier{test::today()};
        earlier.move_wall(-days(1000));
        replace(ensure_self_signed(dir / "earlier", "a.example.test", earlier.wall()), files);
    }
    const auto faults = store.reload();
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].find((dir / "a.example.test").string()) == 0);
    CHECK(store.choose("") == old);
    CHECK(first_name(store.choose("b.example.test")) == "b.example.test");
}

TEST_CASE_FIXTURE(fixture,
                  "cert store: E10 one out of its time is used at the start, with a warning") {
    const auto files = make("a.example.test");
    cert_store store({files}, now.wall());
    CHECK(store.warnings().empty());
    now.move_wall(days(900));
    cert_store late({files}, now.wall());
    REQUIRE(late.warnings().size() == 1);
    CHECK(says(late.warnings()[0], files.certificate, "expired"));
    CHECK(late.reload().empty());  // nothing better is in use
    now.move_wall(-days(1800));
    CHECK(says(late.warnings()[0], files.certificate, "not valid before"));
}

TEST_CASE_FIXTURE(fixture,
                  "cert store: other files that cannot be used change nothing, again and again") {
    const auto files = make("a.example.test");
    cert_store store({files}, now.wall());
    const auto old = store.choose("");
    test::manual_clock earlier{test::today()};
    earlier.move_wall(-days(1000));
    const auto expired = ensure_self_signed(dir / "old", "b.example.test", earlier.wall());
    for (int i = 0; i < 2; ++i) {
        const auto faults = store.replace({expired});
        REQUIRE(faults.size() == 1);
        CHECK(says(faults[0], expired.certificate, "has expired on"));
        CHECK(store.choose("") == old);
    }
    CHECK(store.replace({{dir / "nowhere", dir / "nowhere"}}).size() == 1);
    CHECK(store.choose("") == old);
    CHECK(store.replace({make("b.example.test")}).empty());
    CHECK(first_name(store.choose("")) == "b.example.test");
}

TEST_CASE_FIXTURE(fixture,
                  "cert store: where all have expired, a newer one that has expired is taken") {
    const auto files = make("a.example.test");
    const auto other = make("b.example.test");
    now.move_wall(days(900));
    cert_store late({files}, now.wall());
    CHECK(late.replace({other}).empty());
    CHECK(first_name(late.choose("")) == "b.example.test");
}

TEST_CASE_FIXTURE(fixture,
                  "certificate: subject, end and the names it is not for are told in words") {
    const auto cert = read_certificate(make("a.example.test"));
    CHECK(cert.subject == "CN=a.example.test");
    CHECK(find_name_fault(cert, "A.Example.test").empty());
    CHECK(find_name_fault(cert, "mail.example.test").find("it is for a.example.test, localhost") !=
          std::string::npos);
    const auto wildcard = read_certificate(make("*.example.org"));
    CHECK(find_name_fault(wildcard, "mail.example.org").empty());
    CHECK(!find_name_fault(wildcard, "a.mail.example.org").empty());
    CHECK(find_time_fault(cert, now.wall().now()).empty());
    CHECK(find_time_fault(cert, cert.not_after).find("has expired on " + day_of(cert.not_after)) !=
          std::string::npos);
    CHECK(find_time_fault(cert, cert.not_before - days(1)).find("not valid before") !=
          std::string::npos);
    CHECK(day_of(wall_time(std::chrono::seconds(86'400 * 31))) == "1970-02-01");
}
