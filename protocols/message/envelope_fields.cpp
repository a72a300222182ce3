#include "protocols/message/envelope_fields.hpp"

#include "base/ascii.hpp"
#include "protocols/message/header.hpp"

#include <array>

namespace hauspost::message {
namespace {

struct named_field {
    std::string_view name;
    std::string_view envelope_fields::*value;
};

constexpr std::array<named_field, 11> envelope_names = {
    {{"Date", &envelope_fields::date},
     {"Subject", &envelope_fields::subject},
     {"From", &envelope_fields::from},
     {"Sender", &envelope_fields::sender},
     {"Reply-To", &envelope_fields::reply_to},
     {"To", &envelope_fields::to},
     {"Cc", &envelope_fields::cc},
     {"Bcc", &envelope_fields::bcc},
     {"In-Reply-To", &envelope_fields::in_reply_to},
     {"Message-ID", &envelope_fields::message_id},
     {"References", &envelope_fields::references}}};

}  // namespace

envelope_fields find_envelope_fields(std::string_view header) noexcept {
    envelope_fields fields;
    for (header_reader reader(header); reader.next();) {
        for (const auto& field : envelope_names) {
            auto& value = fields.*field.value;
            if (value.data() == nullptr && ascii::equal_nocase(reader.field().name, field.name))
                value = reader.field().value;
        }
    }
    return fields;
}

}  // namespace hauspost::message
