#include "certs/name_text.hpp"

#include "certs/openssl_ptr.hpp"

namespace hauspost::certs {

std::string name_text(const X509_NAME* name) {
    const bio_ptr out(BIO_new(BIO_s_mem()));
    constexpr unsigned long form =
        XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
    if (!out || X509_NAME_print_ex(out.get(), name, 0, form) < 0) return {};
    char* data = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

}  // namespace hauspost::certs
