#include "protocols/net/tls_server.hpp"

namespace hauspost::net {

tls_server::tls_server(SSL_CTX* context) : context_(context) {
    SSL_CTX_up_ref(context_);
    SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                   SSL_MODE_RELEASE_BUFFERS);
    // One recv for a whole record in place of one for its head and one for the rest.
    SSL_CTX_set_read_ahead(context_, 1);
}

tls_server::~tls_server() {
    SSL_CTX_free(context_);
}

}  // namespace hauspost::net
