#include "storage/errc.hpp"

namespace hauspost::storage {
namespace {

class storage_category final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "storage"; }
    [[nodiscard]] std::string message(int code) const override {
        switch (static_cast<errc>(code)) {
        case errc::ok: return "no error";
        case errc::no_such_account: return "no such account";
        case errc::no_such_mailbox: return "no such mailbox";
        case errc::no_such_message: return "no such message";
        case errc::no_such_domain: return "no such domain";
        case errc::no_such_address: return "no such address";
        case errc::already_exists: return "already exists";
        case errc::not_allowed: return "not allowed";
        case errc::over_quota: return "over quota";
        case errc::disk_full: return "disk full";
        case errc::too_many_mailboxes: return "too many mailboxes";
        case errc::too_many_keywords: return "too many keywords in this mailbox";
        case errc::invalid_name: return "invalid name";
        case errc::busy: return "busy, try again later";
        case errc::still_in_use: return "still in use";
        case errc::too_many_annotations: return "too many annotations";
        case errc::too_many_grants: return "too many rights are given to others";
        case errc::too_many_targets: return "too many targets";
        case errc::changed_meanwhile: return "changed by somebody else meanwhile";
        case errc::over_sending_limit: return "the account has sent too much for now";
        case errc::sending_frozen: return "sending is frozen for the account";
        case errc::unsure: return "it is not known whether it was done";
        }
        return "unknown refusal";
    }
};

}  // namespace

const boost::system::error_category& category() noexcept {
    static const storage_category instance;
    return instance;
}

}  // namespace hauspost::storage
