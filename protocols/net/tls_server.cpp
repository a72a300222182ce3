#include "protocols/net/tls_server.hpp"

#include "protocols/net/tls_layer.hpp"

#include <new>

namespace hauspost::net {

tls_server::tls_server(SSL_CTX* context) : context_(context) {
    SSL_CTX_up_ref(context_);
    SSL_CTX_set_mode(context_, tls_layer::modes);
    // One recv for a whole record in place of one for its head and one for the rest.
    SSL_CTX_set_read_ahead(context_, 1);
}

tls_server::~tls_server() {
    SSL_CTX_free(context_);
}

ssl_ptr tls_server::begin() const {
    ssl_ptr made(SSL_new(context_));
    if (!made) throw std::bad_alloc();
    SSL_set_accept_state(made.get());
    return made;
}

}  // namespace hauspost::net
