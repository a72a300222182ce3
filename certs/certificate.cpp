#include "certs/certificate.hpp"

#include "base/ascii.hpp"
#include "base/file.hpp"
#include "certs/name_text.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <new>
#include <string_view>
#include <utility>

namespace hauspost::certs {
namespace {

constexpr std::size_t max_file_octets = std::size_t{1} << 20;  // ours: a chain has some 10 KB
constexpr int min_security_bits = 112;                         // RSA 2048, EC 224: OpenSSL level 2

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what) {
    throw certificate_error(file.string() + ": " + what);
}

std::string contents(const std::filesystem::path& file) {
    auto read = read_file(file, max_file_octets);
    if (!read.fault.empty())
        refuse(file, read.fault + "; check the path, and that the server's user may read it");
    if (read.octets.empty()) refuse(file, "is empty; it may be half written: write it anew");
    // DER begins with the tag of a SEQUENCE.
    if (read.octets.front() == '\x30' && read.octets.find("-----BEGIN") == std::string::npos)
        refuse(file,
               "is in DER form, not in PEM form; convert it: openssl x509 -inform DER -in OLD -out "
               "NEW (for a key: openssl pkey)");
    return std::move(read.octets);
}

bio_ptr open_text(const std::string& text) {
    return bio_ptr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// A passphrase is never asked for: the server starts without an operator.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

void read_chain(const std::filesystem::path& file, certificate& into) {
    const std::string text = contents(file);
    const auto in = open_text(text);
    into.chain.reset(sk_X509_new_null());
    ERR_clear_error();
    while (X509* next = PEM_read_bio_X509(in.get(), nullptr, no_passphrase, nullptr)) {
        if (!into.own)
            into.own.reset(next);
        else if (sk_X509_push(into.chain.get(), next) == 0)
            X509_free(next);
    }
    const auto end = ERR_peek_last_error();
    const bool at_end =
        ERR_GET_LIB(end) == ERR_LIB_PEM && ERR_GET_REASON(end) == PEM_R_NO_START_LINE;
    const std::string reason = openssl_reason();
    if (!at_end)
        refuse(file, "holds a broken certificate (" + reason +
                         "); it may be half written: write it anew");
    if (!into.own)
        refuse(file,
               "holds no certificate; it must hold \"-----BEGIN CERTIFICATE-----\" blocks, the "
               "server's own first, then the intermediates");
}

void read_key(const std::filesystem::path& file, certificate& into) {
    const std::string text = contents(file);
    const auto in = open_text(text);
    ERR_clear_error();
    into.key.reset(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr));
    const std::string reason = openssl_reason();
    if (into.key) return;
    if (text.find("ENCRYPTED") != std::string::npos)
        refuse(file,
               "is protected by a passphrase, which nobody can type when the server starts; write "
               "it without one: openssl pkey -in OLD -out NEW");
    refuse(file, "holds no usable private key (" + reason +
                     "); it must hold one complete \"-----BEGIN PRIVATE KEY-----\" block");
}

wall_time to_time(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

std::vector<std::string> names_of(X509* own) {
    std::vector<std::string> names;
    const general_names_ptr all(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(own, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; i < sk_GENERAL_NAME_num(all.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
        if (name->type != GEN_DNS) continue;
        const auto* octets = ASN1_STRING_get0_data(name->d.dNSName);
        const auto count = static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName));
        names.push_back(ascii::lowered({reinterpret_cast<const char*>(octets), count}));
    }
    return names;
}

}  // namespace

bool certificate::has_name(std::string_view host) const noexcept {
    return std::find(names.begin(), names.end(), host) != names.end();
}

bool certificate::matches_wildcard(std::string_view host) const noexcept {
    const auto dot = host.find('.');
    if (dot == std::string_view::npos || dot == 0) return false;
    const auto rest = host.substr(dot);
    return std::any_of(names.begin(), names.end(), [rest](std::string_view name) {
        return name.size() == rest.size() + 1 && name.front() == '*' && name.substr(1) == rest;
    });
}

std::string key_digest(const certificate& of) {
    constexpr std::string_view digits = "0123456789abcdef";
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(X509_get0_pubkey(of.own.get()), &der);
    if (size <= 0) throw std::bad_alloc();
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned length = 0;
    const int done = EVP_Digest(der, static_cast<std::size_t>(size), hash.data(), &length,
                                EVP_sha256(), nullptr);
    OPENSSL_free(der);
    if (done != 1) throw std::bad_alloc();
    std::string text;
    for (unsigned i = 0; i < length; ++i) {
        text.push_back(digits[hash[i] >> 4]);
        text.push_back(digits[hash[i] & 15]);
    }
    return text;
}

std::string day_of(wall_time time) {
    const auto seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 16> text{};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts);
    return {text.data(), size};
}

std::string find_time_fault(const certificate& cert, wall_time now) {
    if (cert.is_valid_at(now)) return {};
    const auto file = cert.files.certificate.string();
    if (now < cert.not_before)
        return file + ": is not valid before " + day_of(cert.not_before) +
               "; check the server's clock";
    return file + ": has expired on " + day_of(cert.not_after) + "; renew it";
}

std::string find_name_fault(const certificate& cert, std::string_view host) {
    const auto name = ascii::lowered(host);
    if (name.empty() || cert.has_name(name) || cert.matches_wildcard(name)) return {};
    std::string names;
    for (const auto& one : cert.names)
        names += (names.empty() ? "" : ", ") + one;
    return cert.files.certificate.string() + ": is not for the host name " + name +
           (names.empty() ? ", it has no DNS names at all" : ", it is for " + names) +
           "; mail programs that connect to " + name + " will refuse it";
}

certificate read_certificate(const certificate_files& files) {
    certificate read;
    read.files = files;
    read_chain(files.certificate, read);
    read_key(files.private_key, read);
    if (X509_check_private_key(read.own.get(), read.key.get()) != 1) {
        ERR_clear_error();
        refuse(files.private_key, "does not belong to the certificate in " +
                                      files.certificate.string() +
                                      "; after a renewal both files must be replaced");
    }
    if (EVP_PKEY_get_security_bits(read.key.get()) < min_security_bits)
        refuse(files.private_key, "is too weak; use RSA of at least 2048 bits or EC P-256");
    read.subject = name_text(X509_get_subject_name(read.own.get()));
    read.names = names_of(read.own.get());
    read.not_before = to_time(X509_get0_notBefore(read.own.get()));
    read.not_after = to_time(X509_get0_notAfter(read.own.get()));
    return read;
}

}  // namespace hauspost::certs
