#include "certs/signed_document.hpp"

#include <openssl/cms.h>

#include <limits>
#include <stdexcept>

namespace hauspost::certs {
namespace {

using cms_ptr = std::unique_ptr<CMS_ContentInfo, free_with<CMS_ContentInfo_free>>;

void demand_signed(bool done) {
    if (!done) throw std::runtime_error("cannot sign a document: " + openssl_reason());
}

}  // namespace

std::optional<std::string> sign_document(const certificate& by, std::string_view document) {
    if (X509_self_signed(by.own.get(), 0) == 1) return std::nullopt;
    if (document.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        throw std::length_error("too long a document");
    const bio_ptr content(BIO_new_mem_buf(document.data(), static_cast<int>(document.size())));
    demand_signed(content != nullptr);
    // Binary: no line ends are changed on the way.
    const cms_ptr made(CMS_sign(by.own.get(), by.key.get(), by.chain.get(), content.get(),
                                CMS_BINARY | CMS_NOSMIMECAP));
    demand_signed(made != nullptr);
    const int octets = i2d_CMS_ContentInfo(made.get(), nullptr);
    demand_signed(octets > 0);
    std::string der(static_cast<std::size_t>(octets), '\0');
    auto* at = reinterpret_cast<unsigned char*>(der.data());
    demand_signed(i2d_CMS_ContentInfo(made.get(), &at) == octets);
    return der;
}

}  // namespace hauspost::certs
