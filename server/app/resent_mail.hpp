#pragma once

#include "admin/resending.hpp"
#include "server/outbound/resender.hpp"

namespace hauspost::server {

/// The administrators' way to mail that goes once more, to another address.
class resent_mail final : public admin::resending {
public:
    /// at  must outlive this object
    explicit resent_mail(outbound::resender& at) : at_(at) {}

    awaitable<admin::resend_end> send(admin::resend_order order) override;

private:
    outbound::resender& at_;
};

}  // namespace hauspost::server
