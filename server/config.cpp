#include "server/config.hpp"

#include "admin/names.hpp"
#include "base/ascii.hpp"
#include "server/config_items.hpp"
#include "server/config_values.hpp"

#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

namespace hauspost::server {
namespace {

constexpr std::size_t max_file_octets = 1024 * 1024;

std::string full_name(const config_item& item) {
    return item.section.empty() ? std::string(item.key)
                                : std::string(item.section) + "." + std::string(item.key);
}

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
            if (std::find(sections_.begin(), sections_.end(), name) == sections_.end()) continue;
            if (const auto* section = node.as_table())
                read_table(name, *section);
            else
                add(node.source(), std::string(name) + " is a section, not a value",
                    "write [" + std::string(name) + "] on a line of its own");
        }
    }

    void check_together(const toml::table& root) {
        const auto& c = into_.values;
        if (c.accounts.password_min_characters > c.accounts.password_max_characters)
            add(source_of(root, "accounts", "password_min_characters"),
                "accounts.password_min_characters is above accounts.password_max_characters",
                "make it smaller, no password could be right");
        if (c.tls.certificate.empty() != c.tls.private_key.empty())
            add(source_of(root, "tls", c.tls.certificate.empty() ? "private_key" : "certificate"),
                "tls.certificate and tls.private_key belong together, one of them is missing",
                "name both files, or neither for a self-signed certificate");
        // Argon2 needs eight blocks of 1 KiB for each lane.
        if (c.accounts.argon2_memory.octets / 1024 < 8ULL * c.accounts.argon2_lanes)
            add(source_of(root, "accounts", "argon2_memory"),
                "accounts.argon2_memory is too little for accounts.argon2_lanes",
                "use at least 8 KiB for each lane");
        if (!c.delivery.owner_mailbox.empty() && !admin::parse_address(c.delivery.owner_mailbox))
            add(source_of(root, "delivery", "owner_mailbox"),
                "delivery.owner_mailbox is no address",
                "write it in full, as anna@example.test, or leave it empty");
        check_listeners(root);
        check_hostname(root);
    }

    void add(const toml::source_region& where, std::string what, std::string remedy) {
        add(where.begin, std::move(what), std::move(remedy));
    }
    void add(const toml::source_position& where, std::string what, std::string remedy) {
        into_.faults.push_back({static_cast<std::uint32_t>(where.line),
                                static_cast<std::uint32_t>(where.column), std::move(what),
                                std::move(remedy)});
    }

    static toml::source_position source_of(const toml::table& root,
                                           std::string_view section,
                                           std::string_view key) {
        if (section.empty()) {
            const auto* item = root.get(key);
            return item != nullptr ? item->source().begin : toml::source_position{};
        }
        const auto found = root[section][key];
        return found ? found.node()->source().begin : toml::source_position{};
    }

private:
    void read_table(std::string_view section, const toml::table& table) {
        for (const auto& [key, node] : table) {
            const std::string_view name = key.str();
            const auto item = std::find_if(items_.begin(), items_.end(), [&](const auto& one) {
                return one.section == section && one.key == name;
            });
            if (item != items_.end())
                read_item(*item, node);
            else if (!section.empty() ||
                     std::find(sections_.begin(), sections_.end(), name) == sections_.end())
                add_unknown(section, name, key.source());
        }
    }

    void add_unknown(std::string_view section,
                     std::string_view name,
                     const toml::source_region& where) {
        std::vector<std::string_view> known;
        std::string elsewhere;
        for (const auto& item : items_) {
            if (item.section == section) known.push_back(item.key);
            if (item.key == name) elsewhere = item.section;
        }
        if (section.empty()) known.insert(known.end(), sections_.begin(), sections_.end());
        const auto what =
            "\"" + std::string(name) + "\" is not known " +
            (section.empty() ? "at the top of the file" : "in [" + std::string(section) + "]");
        const auto near = nearest_word(name, known);
        if (!elsewhere.empty())
            add(where, what, "it belongs into [" + elsewhere + "]");
        else if (!near.empty())
            add(where, what, "did you mean \"" + std::string(near) + "\"?");
        else
            add(where, what, "take it out, or see conf/hauspost.toml for all there is");
    }

    void read_item(const config_item& item, const toml::node& node) {
        std::visit([&](auto* slot) { read_value(item, node, *slot); }, item.value);
    }

    void read_value(const config_item& item, const toml::node& node, std::string& slot) {
        const auto* text = node.as_string();
        if (text == nullptr)
            return add(node.source(), full_name(item) + " must be a text", "write it in quotes");
        const std::string& value = text->get();
        if (!item.words.empty() &&
            std::find(item.words.begin(), item.words.end(), value) == item.words.end()) {
            std::string remedy = "use one of";
            for (const auto word : item.words)
                remedy += " \"" + std::string(word) + "\"";
            return add(node.source(), full_name(item) + " cannot be \"" + value + "\"", remedy);
        }
        slot = value;
    }

    void read_value(const config_item& item, const toml::node& node, bool& slot) {
        if (const auto* value = node.as_boolean())
            slot = value->get();
        else
            add(node.source(), full_name(item) + " must be true or false", "without quotes");
    }

    void read_value(const config_item& item, const toml::node& node, std::uint32_t& slot) {
        const auto* value = node.as_integer();
        if (value == nullptr)
            return add(node.source(), full_name(item) + " must be a whole number",
                       range_of(item, ""));
        if (in_range(item, node, value->get(), "")) slot = static_cast<std::uint32_t>(value->get());
    }

    void read_value(const config_item& item, const toml::node& node, octet_size& slot) {
        auto size = node.is_string() ? parse_octet_size(*node.value<std::string>()) : std::nullopt;
        if (const auto* number = node.as_integer(); number && number->get() >= 0)
            size = octet_size{static_cast<std::uint64_t>(number->get())};
        if (!size)
            return add(node.source(), full_name(item) + " must be a size",
                       "for example \"50 MiB\", \"64 KiB\" or a number of octets");
        if (in_range(item, node, static_cast<std::int64_t>(size->octets), " octets")) slot = *size;
    }

    void read_value(const config_item& item, const toml::node& node, std::chrono::seconds& slot) {
        auto time = node.is_string() ? parse_duration(*node.value<std::string>()) : std::nullopt;
        if (const auto* number = node.as_integer(); number && number->get() >= 0)
            time = std::chrono::seconds(number->get());
        if (!time)
            return add(node.source(), full_name(item) + " must be a length of time",
                       "for example \"90s\", \"15min\", \"2h\", \"14d\" or a number of seconds");
        if (in_range(item, node, time->count(), " seconds")) slot = *time;
    }

    void read_value(const config_item& item, const toml::node& node, endpoints& slot) {
        const auto* list = node.as_array();
        if (list == nullptr)
            return add(node.source(), full_name(item) + " must be a list",
                       "for example [\"0.0.0.0:25\", \"[::]:25\"], or [] to switch it off");
        endpoints found;
        for (const auto& entry : *list) {
            const auto text = entry.value<std::string>();
            const auto where = text ? parse_endpoint(*text) : std::nullopt;
            if (where)
                found.push_back(*where);
            else
                add(entry.source(),
                    full_name(item) + " holds something that is no address with a port",
                    "write \"192.0.2.1:25\", \"[2001:db8::1]:25\", or \":25\" for all addresses");
        }
        slot = std::move(found);
    }

    static std::string range_of(const config_item& item, const std::string& unit) {
        return "use " + std::to_string(item.least) + " to " + std::to_string(item.most) + unit +
               (item.zero_is_off ? ", or 0 for none" : "");
    }

    bool in_range(const config_item& item,
                  const toml::node& node,
                  std::int64_t number,
                  const std::string& unit) {
        const auto value = static_cast<std::uint64_t>(number);
        if (number == 0 && item.zero_is_off) return true;
        if (number >= 0 && value >= item.least && value <= item.most) return true;
        add(node.source(), full_name(item) + " is out of range: " + std::to_string(number) + unit,
            range_of(item, unit));
        return false;
    }

    void check_listeners(const toml::table& root) {
        const auto& listen = into_.values.listen;
        const std::array<std::pair<std::string_view, const endpoints*>, 3> roles{
            {{"smtp", &listen.smtp}, {"imap", &listen.imap}, {"imaps", &listen.imaps}}};
        std::vector<endpoint> seen;
        for (const auto& [role, list] : roles)
            for (const auto& where : *list) {
                if (where.port != 0 && std::find(seen.begin(), seen.end(), where) != seen.end())
                    add(source_of(root, "listen", role), to_text(where) + " is listened on twice",
                        "give each role an address and port of its own");
                seen.push_back(where);
            }
    }

    void check_hostname(const toml::table& root) {
        const auto& name = into_.values.hostname;
        const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
            return ascii::is_alnum(c) || c == '-' || c == '.';
        });
        const bool dots = name.empty() || (name.front() != '.' && name.back() != '.' &&
                                           name.find("..") == std::string::npos);
        // RFC 1035 2.3.4: at most 255 octets on the wire, 253 in dotted form.
        if (!letters || !dots || name.size() > 253)
            add(source_of(root, "", "hostname"), "hostname is no host name",
                "write the name under which others reach this server, as mail.example.de");
    }

    loaded_config& into_;
    std::vector<config_item> items_;
    std::vector<std::string_view> sections_;
};

void sort_by_place(std::vector<config_fault>& faults) {
    std::stable_sort(faults.begin(), faults.end(), [](const auto& a, const auto& b) {
        return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    });
}

/// The files a configuration names must be there. Told with the item's place in the file.
void check_files(config_reader& reader, const toml::table& root, const config& values) {
    const std::pair<std::string_view, const std::string*> files[] = {
        {"certificate", &values.tls.certificate}, {"private_key", &values.tls.private_key}};
    for (const auto& [key, path] : files)
        if (!path->empty() && ::access(path->c_str(), R_OK) != 0)
            reader.add(config_reader::source_of(root, "tls", key),
                       "tls." + std::string(key) + " \"" + *path + "\" cannot be read",
                       "check the path and that the server's user may read it");
    if (values.log.target == "stderr") return;
    const auto folder = std::filesystem::path(values.log.target).parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder))
        reader.add(config_reader::source_of(root, "log", "target"),
                   "log.target lies in a folder that is not there",
                   "make the folder, or use \"stderr\"");
}

loaded_config parse(std::string_view text, bool with_files) {
    loaded_config loaded;
    config_reader reader(loaded);
    try {
        const auto root = toml::parse(text);
        reader.read(root);
        reader.check_together(root);
        if (with_files) check_files(reader, root, loaded.values);
    } catch (const toml::parse_error& fault) {
        reader.add(fault.source(), "this is no TOML: " + std::string(fault.description()),
                   "mend this first; what comes behind it was not looked at");
    }
    sort_by_place(loaded.faults);
    return loaded;
}

}  // namespace

loaded_config parse_config(std::string_view toml_text) {
    return parse(toml_text, false);
}

loaded_config load_config(const std::string& path) {
    std::error_code gone;
    const auto octets = std::filesystem::file_size(path, gone);
    std::ifstream file(path, std::ios::binary);
    loaded_config refused;
    if (gone || !file) {
        refused.faults.push_back({0, 0, "the file cannot be read", "name it with --config FILE"});
        return refused;
    }
    if (octets > max_file_octets) {
        refused.faults.push_back({0, 0, "the file is above 1 MiB", "is it the right one?"});
        return refused;
    }
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return parse(text, true);
}

std::string describe(const std::vector<config_fault>& faults, const std::string& path) {
    std::string text;
    for (const auto& fault : faults) {
        text += path;
        if (fault.line != 0)
            text += ":" + std::to_string(fault.line) + ":" + std::to_string(fault.column);
        text += ": " + fault.what + "; " + fault.remedy + "\n";
    }
    return text;
}

}  // namespace hauspost::server
