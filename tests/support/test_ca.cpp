#include "tests/support/test_ca.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace hauspost::test {
namespace {

using certs::key_ptr;
using certs::x509_ptr;

void require(bool done) {
    if (!done) throw std::runtime_error("test_ca: " + certs::openssl_reason());
}

void add_extension(X509* cert, int nid, const std::string& value) {
    X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
    require(made != nullptr);
    const int added = X509_add_ext(cert, made, -1);
    X509_EXTENSION_free(made);
    require(added == 1);
}

x509_ptr make_unsigned(EVP_PKEY* key, const std::string& name, int serial, X509_NAME* issuer) {
    x509_ptr cert(X509_new());
    require(cert && X509_set_version(cert.get(), X509_VERSION_3) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), serial);
    X509_NAME* subject = X509_get_subject_name(cert.get());
    require(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                       reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                                       0) == 1);
    require(X509_set_issuer_name(cert.get(), issuer ? issuer : subject) == 1);
    require(X509_set_pubkey(cert.get(), key) == 1);
    return cert;
}

void write_pem(const std::filesystem::path& file, std::initializer_list<X509*> certs) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(file.c_str(), "w"),
                                                              &std::fclose);
    require(out != nullptr);
    for (X509* cert : certs)
        require(PEM_write_X509(out.get(), cert) == 1);
}

std::string digest_of(const unsigned char* octets, std::size_t size) {
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(octets, size, reinterpret_cast<unsigned char*>(digest.data()));
    return digest;
}

}  // namespace

test_ca::test_ca(const std::string& name)
    : key_(EVP_EC_gen("P-256")), root_(make_unsigned(key_.get(), name, 1, nullptr)) {
    X509* root = root_.get();
    X509_gmtime_adj(X509_getm_notBefore(root), -3600L * 24 * 1000);
    X509_gmtime_adj(X509_getm_notAfter(root), 3600L * 24 * 1000);
    add_extension(root, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(root, NID_key_usage, "critical,keyCertSign");
    require(X509_sign(root, key_.get(), EVP_sha256()) > 0);
    write_pem(root_file(), {root});
}

certs::certificate_files test_ca::issue(const std::string& host,
                                        std::chrono::hours from,
                                        std::chrono::hours until) {
    const key_ptr key(EVP_EC_gen("P-256"));
    const auto cert =
        make_unsigned(key.get(), host, ++issued_ + 1, X509_get_subject_name(root_.get()));
    X509_gmtime_adj(X509_getm_notBefore(cert.get()), 3600L * from.count());
    X509_gmtime_adj(X509_getm_notAfter(cert.get()), 3600L * until.count());
    add_extension(cert.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(cert.get(), NID_subject_alt_name, "DNS:" + host);
    add_extension(cert.get(), NID_ext_key_usage, "serverAuth");
    require(X509_sign(cert.get(), key_.get(), EVP_sha256()) > 0);
    certs::certificate_files files;
    files.certificate = dir_ / (std::to_string(issued_) + ".pem");
    files.private_key = dir_ / (std::to_string(issued_) + ".key");
    write_pem(files.certificate, {cert.get(), root_.get()});
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(
        std::fopen(files.private_key.c_str(), "w"), &std::fclose);
    require(out &&
            PEM_write_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return files;
}

std::string test_ca::root_digest() const {
    unsigned char* der = nullptr;
    const int size = i2d_X509(root_.get(), &der);
    require(size > 0);
    const auto digest = digest_of(der, static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return digest;
}

std::string key_digest(const certs::certificate_files& files) {
    const auto read = certs::read_certificate(files);
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(X509_get0_pubkey(read.own.get()), &der);
    require(size > 0);
    const auto digest = digest_of(der, static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return digest;
}

}  // namespace hauspost::test
