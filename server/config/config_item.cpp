#include "server/config/config_items.hpp"

#include <type_traits>

namespace hauspost::server {
namespace {

void set_number(const config_field& field, std::uint64_t value) {
    const auto assign = [value](auto* at) {
        using type = std::remove_pointer_t<decltype(at)>;
        if constexpr (std::is_same_v<type, std::uint32_t> || std::is_same_v<type, std::uint64_t>)
            *at = static_cast<type>(value);
        else if constexpr (std::is_same_v<type, std::chrono::seconds> ||
                           std::is_same_v<type, std::chrono::milliseconds>)
            *at = std::chrono::seconds(value);
    };
    std::visit(assign, field.at);
}

std::uint64_t number_at(const config_field& field) {
    const auto read = [](const auto* at) -> std::uint64_t {
        using type = std::remove_cv_t<std::remove_pointer_t<decltype(at)>>;
        if constexpr (std::is_same_v<type, std::uint32_t> || std::is_same_v<type, std::uint64_t>)
            return *at;
        else if constexpr (std::is_same_v<type, std::chrono::seconds> ||
                           std::is_same_v<type, std::chrono::milliseconds>)
            return static_cast<std::uint64_t>(
                std::chrono::duration_cast<std::chrono::seconds>(*at).count());
        else
            return 0;
    };
    return std::visit(read, field.at);
}

}  // namespace

std::string full_name(const config_item& item) {
    return item.section.empty() ? std::string(item.key)
                                : std::string(item.section) + "." + std::string(item.key);
}

std::string config_item::old_name() const {
    return std::string(old_section) + "." + std::string(old_key);
}

void config_item::set(const std::string& value) const {
    for (const auto& field : fields)
        *std::get<std::string*>(field.at) = value;
}

void config_item::set(bool value) const {
    for (const auto& field : fields)
        *std::get<bool*>(field.at) = value;
}

void config_item::set(std::uint64_t number) const {
    const bool is_off = number == 0 && zero_is_off;
    for (const auto& field : fields)
        set_number(field, is_off ? field.off : number / field.unit);
}

void config_item::set(const endpoints& value) const {
    for (const auto& field : fields)
        *std::get<endpoints*>(field.at) = value;
}

std::uint64_t config_item::number() const {
    const auto& field = fields.front();
    const auto value = number_at(field);
    return zero_is_off && value == field.off ? 0 : value * field.unit;
}

bool config_item::has_value_of(const config_item& other) const {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto is_same = [&](auto* at) {
            return *at == *std::get<decltype(at)>(other.fields[i].at);
        };
        if (!std::visit(is_same, fields[i].at)) return false;
    }
    return true;
}

void config_item::take_value_of(const config_item& other) const {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto take = [&](auto* at) { *at = *std::get<decltype(at)>(other.fields[i].at); };
        std::visit(take, fields[i].at);
    }
}

}  // namespace hauspost::server
