#include "protocols/net/gather_bio.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>

namespace hauspost::net {

/// The C functions that OpenSSL calls. No exception may pass through them.
struct gather_bio::callbacks {
    static gather_bio& self(BIO* bio) { return *static_cast<gather_bio*>(BIO_get_data(bio)); }
    static int write(BIO* bio, const char* octets, int count) {
        return self(bio).write(bio, octets, count);
    }
    static int read(BIO* bio, char* into, int count) { return self(bio).read(bio, into, count); }
    static long control(BIO* bio, int command, long, void*) {
        switch (command) {
        case BIO_CTRL_FLUSH: return 1;  // the owner sends
        case BIO_CTRL_EOF: return self(bio).eof_ ? 1 : 0;
        default: return 0;
        }
    }
    static BIO_METHOD* make_method() {
        BIO_METHOD* method =
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "hauspost socket");
        if (method == nullptr) throw std::bad_alloc();
        BIO_meth_set_write(method, &write);
        BIO_meth_set_read(method, &read);
        BIO_meth_set_ctrl(method, &control);
        return method;
    }
};

BIO* gather_bio::make_bio() {
    static const std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> method(
        callbacks::make_method(), &BIO_meth_free);
    BIO* bio = BIO_new(method.get());
    if (bio == nullptr) return nullptr;
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    return bio;
}

int gather_bio::write(BIO* bio, const char* octets, int count) {
    BIO_clear_retry_flags(bio);
    try {
        if (!buffer_) buffer_ = pool_.take(large_);
    } catch (const std::bad_alloc&) {
        return -1;  // OpenSSL ends this connection
    }
    const auto taken = std::min(static_cast<std::size_t>(count), buffer_.size() - used_);
    if (taken == 0) {
        BIO_set_retry_write(bio);
        return -1;
    }
    std::memcpy(buffer_.data() + used_, octets, taken);
    used_ += taken;
    return static_cast<int>(taken);
}

int gather_bio::read(BIO* bio, char* into, int count) {
    BIO_clear_retry_flags(bio);
    for (;;) {
        const auto got = ::recv(descriptor_, into, static_cast<std::size_t>(count), 0);
        if (got > 0) return static_cast<int>(got);
        if (got == 0) {
            eof_ = true;
            return 0;
        }
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            BIO_set_retry_read(bio);
        else
            failure_.assign(errno, boost::system::system_category());
        return -1;
    }
}

void gather_bio::consumed(std::size_t octets) noexcept {
    sent_ += octets;
    if (sent_ < used_) return;
    sent_ = used_ = 0;
    buffer_ = buffer_pool::buffer();
}

}  // namespace hauspost::net
