#pragma once

#include "admin/certificate_view.hpp"
#include "admin/setting_book.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::test {

/// Three items; a value is a text of digits. "b.fixed" stands in line 7 of the file, "c.later" waits for a
/// start.
class plain_book final : public admin::setting_book {
public:
    [[nodiscard]] std::vector<admin::known_setting> list() const override {
        std::vector<admin::known_setting> all;
        for (const auto* name : {"a.days", "b.fixed", "c.later"}) {
            auto& one = all.emplace_back();
            one.name = name;
            one.of = admin::known_setting::kind::count;
            one.usual = one.value = one.in_force = "5";
            one.most = 99;
            one.is_at_once = one.name != "c.later";
            for (const auto& row : rows)
                if (row.name == name) {
                    one.value = row.value;
                    one.from = admin::known_setting::source::by_owner;
                }
            one.number = std::stoull(one.value);
            one.waits = !one.is_at_once && one.value != one.in_force;
            if (one.is_at_once) one.in_force = one.value;
            if (one.name != "b.fixed") continue;
            one.from = admin::known_setting::source::by_file;
            one.line = 7;
        }
        return all;
    }
    [[nodiscard]] admin::outcome<std::string> judge(const std::string& name,
                                                    const std::string& typed) const override {
        const bool is_right =
            !typed.empty() && typed.size() < 3 &&
            std::all_of(typed.begin(), typed.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (!is_right) return admin::refuse(admin::refusal_code::setting_no_count, name);
        return typed;
    }
    void take_up(std::vector<storage::setting> fresh) override { rows = std::move(fresh); }

    std::vector<storage::setting> rows;
};

class plain_certificates final : public admin::certificate_view {
public:
    [[nodiscard]] std::vector<admin::seen_certificate> certificates() const override { return all; }
    [[nodiscard]] std::vector<admin::tls_listener> listeners() const override {
        return {{"imap", 143, false}, {"imaps", 993, true}};
    }
    std::optional<std::vector<std::string>> reload() override {
        if (is_running && faults.empty() && fresh) all = {*fresh};
        return is_running ? std::optional(faults) : std::nullopt;
    }

    std::vector<admin::seen_certificate> all;
    std::optional<admin::seen_certificate> fresh;
    std::vector<std::string> faults;
    bool is_running = true;
};

}  // namespace hauspost::test
