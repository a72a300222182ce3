#include "protocols/sasl/credentials.hpp"

namespace hauspost::sasl {
namespace {

class sasl_category final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "sasl"; }
    [[nodiscard]] std::string message(int code) const override {
        switch (static_cast<errc>(code)) {
        case errc::ok: return "no error";
        case errc::wrong: return "wrong user name or password";
        case errc::disabled: return "this account is switched off";
        case errc::busy: return "too many logins at once, try again later";
        case errc::throttled: return "too many wrong passwords, try again later";
        }
        return "unknown refusal";
    }
};

}  // namespace

const boost::system::error_category& category() noexcept {
    static const sasl_category instance;
    return instance;
}

}  // namespace hauspost::sasl
