#include "certs/self_signed.hpp"

#include "base/ascii.hpp"

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>

namespace hauspost::certs {
namespace {

using days = std::chrono::duration<int, std::ratio<86400>>;
constexpr days lifetime{825};  // what Apple's clients take at most
constexpr days renewed_before{30};
constexpr days clock_tolerance{1};           // of clients whose clock is late
constexpr std::size_t max_common_name = 64;  // RFC 5280 A.1, ub-common-name

void demand(bool done) {
    if (!done) throw certificate_error("cannot make a certificate: " + openssl_reason());
}

void add_extension(X509* cert, int nid, const char* value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
    demand(extension != nullptr);
    const int added = X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
    demand(added == 1);
}

/// Built as objects, not from text, so that no host name can smuggle anything in.
void add_names(X509* cert, std::initializer_list<std::string_view> names) {
    const general_names_ptr all(sk_GENERAL_NAME_new_null());
    demand(all != nullptr);
    for (const auto name : names) {
        GENERAL_NAME* entry = GENERAL_NAME_new();
        demand(entry != nullptr && sk_GENERAL_NAME_push(all.get(), entry) > 0);
        ASN1_IA5STRING* text = ASN1_IA5STRING_new();
        demand(text != nullptr);
        GENERAL_NAME_set0_value(entry, GEN_DNS, text);
        demand(ASN1_STRING_set(text, name.data(), static_cast<int>(name.size())) == 1);
    }
    demand(X509_add1_ext_i2d(cert, NID_subject_alt_name, all.get(), 0, X509V3_ADD_DEFAULT) == 1);
}

void set_serial(X509* cert) {
    unsigned char octets[16];
    demand(RAND_bytes(octets, sizeof(octets)) == 1);
    octets[0] &= 0x7f;  // RFC 5280 4.1.2.2: positive
    octets[0] |= 0x40;
    BIGNUM* number = BN_bin2bn(octets, sizeof(octets), nullptr);
    demand(number != nullptr);
    const bool set = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)) != nullptr;
    BN_free(number);
    demand(set);
}

x509_ptr make_certificate(EVP_PKEY* key, const std::string& hostname, wall_time now) {
    x509_ptr cert(X509_new());
    demand(cert != nullptr);
    X509* raw = cert.get();
    demand(X509_set_version(raw, X509_VERSION_3) == 1);
    set_serial(raw);
    const auto from = std::chrono::system_clock::to_time_t(now - clock_tolerance);
    const auto until = std::chrono::system_clock::to_time_t(now - clock_tolerance + lifetime);
    demand(ASN1_TIME_set(X509_getm_notBefore(raw), from) != nullptr);
    demand(ASN1_TIME_set(X509_getm_notAfter(raw), until) != nullptr);
    X509_NAME* subject = X509_get_subject_name(raw);
    const std::string common = hostname.size() <= max_common_name ? hostname : "localhost";
    demand(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                      reinterpret_cast<const unsigned char*>(common.data()),
                                      static_cast<int>(common.size()), -1, 0) == 1);
    demand(X509_set_issuer_name(raw, subject) == 1);
    add_names(raw, {hostname, "localhost"});
    add_extension(raw, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(raw, NID_key_usage, "critical,digitalSignature");
    add_extension(raw, NID_ext_key_usage, "serverAuth");
    demand(X509_set_pubkey(raw, key) == 1);
    demand(X509_sign(raw, key, EVP_sha256()) > 0);
    return cert;
}

std::string text_of(const bio_ptr& bio) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

[[noreturn]] void cannot_write(const std::filesystem::path& file) {
    throw certificate_error(file.string() + ": cannot be written (" + std::strerror(errno) +
                            "); check that the server's user owns the folder");
}

/// Old or new after a crash, never half: temporary file, sync, rename, sync of the folder.
void replace_file(const std::filesystem::path& file, const std::string& octets) {
    const std::string fresh = file.string() + ".new";
    ::unlink(fresh.c_str());
    const int out = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0) cannot_write(fresh);
    const bool written =
        ::write(out, octets.data(), octets.size()) == static_cast<ssize_t>(octets.size()) &&
        ::fsync(out) == 0;
    ::close(out);
    if (!written || ::rename(fresh.c_str(), file.c_str()) != 0) cannot_write(file);
    const int folder = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) cannot_write(file);
    const bool synced = ::fsync(folder) == 0;
    ::close(folder);
    if (!synced) cannot_write(file);
}

bool is_usable(const certificate_files& files, const std::string& hostname, wall_time now) {
    try {
        const auto cert = read_certificate(files);
        return cert.has_name(ascii::lowered(hostname)) && cert.is_valid_at(now) &&
               now + renewed_before < cert.not_after;
    } catch (const certificate_error&) {
        return false;  // not there, or half of a pair after a crash: made anew
    }
}

}  // namespace

certificate_files self_signed_files(const std::filesystem::path& folder) {
    return {folder / "cert.pem", folder / "key.pem"};
}

certificate_files ensure_self_signed(const std::filesystem::path& folder,
                                     const std::string& hostname,
                                     const clock& now) {
    const auto files = self_signed_files(folder);
    if (is_usable(files, hostname, now.now())) return files;

    std::error_code ec;
    std::filesystem::create_directories(folder.parent_path(), ec);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) cannot_write(folder);
    const key_ptr key(EVP_EC_gen("P-256"));
    demand(key != nullptr);
    const auto cert = make_certificate(key.get(), hostname, now.now());
    const bio_ptr key_text(BIO_new(BIO_s_mem()));
    const bio_ptr cert_text(BIO_new(BIO_s_mem()));
    demand(key_text != nullptr && cert_text != nullptr);
    demand(PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                    nullptr) == 1);
    demand(PEM_write_bio_X509(cert_text.get(), cert.get()) == 1);
    replace_file(files.private_key, text_of(key_text));
    replace_file(files.certificate, text_of(cert_text));
    return files;
}

}  // namespace hauspost::certs
