#include "server/config/config_reader.hpp"

#include "server/config/config_items.hpp"
#include "server/config/config_values.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::server {
namespace {

/// Goes through a parsed file, fills in values and gathers faults.
class config_reader {
public:
    explicit config_reader(loaded_config& into) : into_(into), items_(config_items(into.values)) {
        for (const auto& item : items_)
            if (!item.section.empty() &&
                std::find(sections_.begin(), sections_.end(), item.section) == sections_.end())
                sections_.push_back(item.section);
    }

    void read(const toml::table& root) {
        read_table("", root);
        for (const auto& [key, node] : root) {
            const std::string_view name = key.str();
            if (!is_section(name)) continue;
            if (const auto* section = node.as_table())
                read_table(name, *section);
            else
                add_no_section(name, node.source());
        }
    }

private:
    void add(const toml::source_region& where, std::string what, std::string remedy) {
        add(where.begin, std::move(what), std::move(remedy));
    }
    void add(const toml::source_position& where, std::string what, std::string remedy) {
        into_.faults.push_back({static_cast<std::uint32_t>(where.line),
                                static_cast<std::uint32_t>(where.column), std::move(what),
                                std::move(remedy)});
    }

    [[nodiscard]] bool is_section(std::string_view name) const {
        return std::find(sections_.begin(), sections_.end(), name) != sections_.end();
    }

    void read_table(std::string_view section, const toml::table& table) {
        for (const auto& [key, node] : table) {
            const std::string_view name = key.str();
            const auto item = std::find_if(items_.begin(), items_.end(), [&](const auto& one) {
                return (one.section == section && one.key == name) ||
                       (section == old_section && !one.old_key.empty() && one.old_key == name);
            });
            if (item != items_.end())
                read_item(*item,
                          (section.empty() ? "" : std::string(section) + ".") + std::string(name),
                          node);
            else if (!section.empty() || !is_section(name))
                add_unknown(section, name, key.source());
        }
    }

    void add_no_section(std::string_view name, const toml::source_region& where) {
        const auto homes = sections_with(name);
        add(where, std::string(name) + " is a section, not a value",
            homes.empty() ? "write [" + std::string(name) + "] on a line of its own"
                          : "it belongs " + homes);
    }

    void add_unknown(std::string_view section,
                     std::string_view name,
                     const toml::source_region& where) {
        const auto what =
            "\"" + std::string(name) + "\" is not known " +
            (section.empty() ? "at the top of the file" : "in [" + std::string(section) + "]");
        if (const auto homes = sections_with(name); !homes.empty())
            return add(where, what, "it belongs " + homes);
        std::vector<std::string_view> known;
        for (const auto& item : items_) {
            if (item.section == section) known.push_back(item.key);
            if (section == old_section && !item.old_key.empty()) known.push_back(item.old_key);
        }
        if (section.empty()) known.insert(known.end(), sections_.begin(), sections_.end());
        const auto near = nearest_word(name, known);
        if (near.empty())
            return add(where, what, "take it out, or see conf/hauspost.toml for all there is");
        for (const auto& item : items_)
            if (section == old_section && item.old_key == near)
                return add(where, what,
                           "did you mean \"" + std::string(item.key) + "\", in [" +
                               std::string(item.section) + "]?");
        add(where, what, "did you mean \"" + std::string(near) + "\"?");
    }

    /// Where a key would be right: "in [imap] or [pop3]"; empty: nowhere.
    [[nodiscard]] std::string sections_with(std::string_view key) const {
        std::string homes;
        for (const auto& item : items_) {
            if (item.key != key) continue;
            if (item.section.empty()) return "above the first section of the file";
            homes += (homes.empty() ? "in [" : " or [") + std::string(item.section) + "]";
        }
        return homes;
    }

    /// name  as it is written in the file, which may be the item's old one
    void read_item(const config_item& item, const std::string& name, const toml::node& node) {
        const config_place at{static_cast<std::uint32_t>(node.source().begin.line),
                              static_cast<std::uint32_t>(node.source().begin.column)};
        const auto now = full_name(item);
        if (name != now) {
            into_.notes.push_back({at.line, at.column, name + " is now " + now,
                                   "write " + std::string(item.key) + " in [" +
                                       std::string(item.section) +
                                       "]; the old name goes on working"});
        }
        if (!into_.places.emplace(now, at).second)
            return add(node.source(),
                       item.old_name() + " and " + now + " are one item, given twice",
                       "take " + item.old_name() + " out");
        switch (item.kind) {
        case item_kind::text: return read_text(item, name, node);
        case item_kind::flag: return read_flag(item, name, node);
        case item_kind::count: return read_count(item, name, node);
        case item_kind::octets: return read_octets(item, name, node);
        case item_kind::time: return read_time(item, name, node);
        case item_kind::addresses: return read_addresses(item, name, node);
        }
    }

    void read_text(const config_item& item, const std::string& name, const toml::node& node) {
        const auto* text = node.as_string();
        if (text == nullptr)
            return add(node.source(), name + " must be a text", "write it in quotes");
        const std::string& value = text->get();
        if (!item.words.empty() &&
            std::find(item.words.begin(), item.words.end(), value) == item.words.end()) {
            std::string remedy = "use one of";
            for (const auto word : item.words)
                remedy += " \"" + std::string(word) + "\"";
            return add(node.source(), name + " cannot be \"" + value + "\"", remedy);
        }
        item.set(value);
    }

    void read_flag(const config_item& item, const std::string& name, const toml::node& node) {
        if (const auto* value = node.as_boolean())
            item.set(value->get());
        else
            add(node.source(), name + " must be true or false", "without quotes");
    }

    void read_count(const config_item& item, const std::string& name, const toml::node& node) {
        const auto* value = node.as_integer();
        if (value == nullptr)
            return add(node.source(), name + " must be a whole number", range_of(item, ""));
        set_number(item, name, node, value->get(), "");
    }

    void read_octets(const config_item& item, const std::string& name, const toml::node& node) {
        auto size = node.is_string() ? parse_octet_size(*node.value<std::string>()) : std::nullopt;
        if (const auto* number = node.as_integer(); number && number->get() >= 0)
            size = octet_size{static_cast<std::uint64_t>(number->get())};
        if (!size)
            return add(node.source(), name + " must be a size",
                       "for example \"50 MiB\", \"64 KiB\" or a number of octets");
        set_number(item, name, node, static_cast<std::int64_t>(size->octets), " octets");
    }

    void read_time(const config_item& item, const std::string& name, const toml::node& node) {
        auto time = node.is_string() ? parse_duration(*node.value<std::string>()) : std::nullopt;
        if (const auto* number = node.as_integer(); number && number->get() >= 0)
            time = std::chrono::seconds(number->get());
        if (!time)
            return add(node.source(), name + " must be a length of time",
                       "for example \"90s\", \"15min\", \"2h\", \"14d\" or a number of seconds");
        set_number(item, name, node, time->count(), " seconds");
    }

    void read_addresses(const config_item& item, const std::string& name, const toml::node& node) {
        const auto* list = node.as_array();
        if (list == nullptr)
            return add(node.source(), name + " must be a list",
                       "for example [\"0.0.0.0:25\", \"[::]:25\"], or [] to switch it off");
        endpoints found;
        for (const auto& entry : *list) {
            const auto text = entry.value<std::string>();
            const auto where = text ? parse_endpoint(*text) : std::nullopt;
            if (where)
                found.push_back(*where);
            else
                add(entry.source(), name + " holds something that is not an address with a port",
                    "write \"192.0.2.1:25\", \"[2001:db8::1]:25\", or \":25\" for all addresses");
        }
        item.set(found);
    }

    static std::string range_of(const config_item& item, const std::string& unit) {
        return "use " + std::to_string(item.least) + " to " + std::to_string(item.most) + unit +
               (item.zero_is_off ? ", or 0 for none" : "");
    }

    /// Takes a number that is within the item's range; tells of any other.
    void set_number(const config_item& item,
                    const std::string& name,
                    const toml::node& node,
                    std::int64_t number,
                    const std::string& unit) {
        const auto value = static_cast<std::uint64_t>(number);
        const bool is_off = number == 0 && item.zero_is_off;
        if (is_off || (number >= 0 && value >= item.least && value <= item.most))
            return item.set(value);
        add(node.source(), name + " is out of range: " + std::to_string(number) + unit,
            range_of(item, unit));
    }

    loaded_config& into_;
    std::vector<config_item> items_;
    std::vector<std::string_view> sections_;
};

}  // namespace

void read_items(const toml::table& root, loaded_config& into) {
    config_reader(into).read(root);
}

}  // namespace hauspost::server
