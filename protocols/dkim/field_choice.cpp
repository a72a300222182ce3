#include "protocols/dkim/field_choice.hpp"

#include "protocols/dkim/limits.hpp"

namespace hauspost::dkim {
namespace {

/// RFC 6376 5.4.1, RFC 8058 4 (List-Unsubscribe-Post).
struct chosen_field {
    const char* name;
    bool is_guarded;  // named once more than it is there
};
constexpr chosen_field chosen_fields[] = {
    {"From", true},
    {"Reply-To", true},
    {"Subject", true},
    {"Date", true},
    {"To", true},
    {"Cc", true},
    {"Message-ID", true},
    {"MIME-Version", true},
    {"Content-Type", true},
    {"Content-Transfer-Encoding", true},
    // Lists and forwarders may add these; that breaks nothing.
    {"Sender", false},
    {"In-Reply-To", false},
    {"References", false},
    {"Content-ID", false},
    {"Content-Description", false},
    {"Content-Disposition", false},
    {"Auto-Submitted", false},
    {"Resent-Date", false},
    {"Resent-From", false},
    {"Resent-To", false},
    {"Resent-Cc", false},
    {"Resent-Message-ID", false},
    {"List-Id", false},
    {"List-Help", false},
    {"List-Unsubscribe", false},
    {"List-Unsubscribe-Post", false},
    {"List-Subscribe", false},
    {"List-Post", false},
    {"List-Owner", false},
    {"List-Archive", false},
};

}  // namespace

std::optional<std::vector<std::string>> choose_fields(const field_index& header) {
    std::vector<std::string> names;
    for (const auto& field : chosen_fields) {
        const auto times = header.count(field.name) + (field.is_guarded ? 1 : 0);
        if (names.size() + times > limits::max_signed_names) return std::nullopt;
        names.insert(names.end(), times, field.name);
    }
    return names;
}

}  // namespace hauspost::dkim
