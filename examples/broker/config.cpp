// SPDX-License-Identifier: MIT
#include "broker/config.hpp"

#include "broker/config_keys.hpp"
#include "broker/config_rules.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>
#include <vector>

namespace broker {

namespace {

constexpr std::size_t file_bytes_max = 1'048'576;

/// The next words of all keys that begin with `section`: what could have stood there.
std::string children_of(const std::string& section) {
    std::string list;
    std::string_view last;
    for (const config_key& key : config_keys()) {
        if (!key.name.starts_with(section)) continue;
        const std::string_view rest = key.name.substr(section.size());
        const std::string_view word = rest.substr(0, rest.find('.'));
        if (word == last) continue;
        if (!list.empty()) list += ", ";
        list += last = word;
    }
    return list;
}

class yaml_reader {
public:
    yaml_reader(draft& into, const std::string& file) : into_(into), file_(file) {}

    /// `section` is empty or ends with a dot.
    void read_map(const YAML::Node& map, const std::string& section) {
        std::set<std::string> met;
        for (const auto& entry : map) {
            const std::string origin = origin_of(file_, entry.first.Mark());
            if (!entry.first.IsScalar()) {
                refuse(origin, section_name(section),
                    std::string(kind_of(entry.first)) + " as a key, expected one of " +
                        children_of(section));
            }
            const std::string name = section + entry.first.Scalar();
            if (!met.insert(name).second) {
                refuse(origin, name, "is here a second time, expected once");
            }
            read_entry(entry.second, name, origin, section);
        }
    }

private:
    static std::string section_name(const std::string& section) {
        return section.empty() ? section : section.substr(0, section.size() - 1);
    }

    void read_entry(const YAML::Node& node, const std::string& name, const std::string& origin,
        const std::string& section) {
        if (const config_key* key = find_config_key(name); key != nullptr) {
            if (const auto* list = std::get_if<list_rule>(&key->rule); list != nullptr) {
                return read_rules(into_, node, {file_, origin, name, list->expected});
            }
            if (!node.IsScalar()) {
                refuse(origin, name, std::string("is ") + kind_of(node) + expected_by(*key));
            }
            const bool quoted = node.Tag() != "?";
            return set_value(into_, *key, {node.Scalar(), quoted, origin, name});
        }
        if (children_of(name + ".").empty()) {
            refuse(origin, name, "unknown key, expected one of " + children_of(section));
        }
        if (!node.IsMap()) {
            refuse(origin, name,
                std::string("is ") + kind_of(node) + ", expected a map of " +
                    children_of(name + "."));
        }
        read_map(node, name + ".");
    }

    draft& into_;
    const std::string& file_;
};

/// Where documents begin, and nothing else of them.
class document_starts : public YAML::EventHandler {
public:
    std::vector<YAML::Mark> marks;

    void OnDocumentStart(const YAML::Mark& mark) override { marks.push_back(mark); }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(
        const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
        YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
        YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
};

/// Not by YAML::LoadAll, which never ends where a comma stands behind a document.
YAML::Node only_document(const std::string& text, const std::string& file) {
    try {
        document_starts starts;
        std::istringstream in(text);
        YAML::Parser parser(in);
        if (parser.HandleNextDocument(starts) && parser.HandleNextDocument(starts)) {
            refuse(origin_of(file, starts.marks[1]), "", "a second document, expected one");
        }
        return YAML::Load(text);
    } catch (const YAML::Exception& error) {
        refuse(origin_of(file, error.mark), "",
            "no YAML: " + printable(error.msg) + ", expected a map");
    }
}

/// Where the first of these keys was written; the defaults themselves fit together.
struct written {
    std::string origin;
    std::string name;
};
written first_written(const draft& all, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        const auto found = all.origins.find(name);
        if (found != all.origins.end()) return {found->second, name};
    }
    return {"defaults", names.front()};
}

std::vector<std::string> mark_keys(const control::conflict& of) {
    std::vector<std::string> keys;
    for (const char* mark : {of.mark, of.other}) {
        if (mark == nullptr) continue;
        keys.push_back(std::string("control.") + mark + ".enter");
        keys.push_back(std::string("control.") + mark + ".leave");
    }
    return keys;
}

bool is_loopback(const std::string& address) {
    return address.starts_with("127.") || address == "::1";
}

}  // namespace

void read_yaml(draft& into, const std::string& text, const std::string& file) {
    const YAML::Node document = only_document(text, file);
    if (document.IsNull()) return;  // nothing but defaults
    if (!document.IsMap()) {
        refuse(origin_of(file, document.Mark()), "",
            std::string("is ") + kind_of(document) + ", expected a map of " + children_of(""));
    }
    yaml_reader(into, file).read_map(document, "");
}

void read_yaml_file(draft& into, const std::string& path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        refuse(path, "", "is a directory, expected a YAML file");
    }
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        refuse(path, "",
            "cannot be read: " + std::generic_category().message(errno) + ", expected a YAML file");
    }
    std::string text(file_bytes_max + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > file_bytes_max) refuse(path, "", "is larger than 1 MiB, expected less");
    into.values.file = path;
    read_yaml(into, text, path);
}

void check_together(const draft& all) {
    const config& c = all.values;
    if (!is_loopback(c.net.address) && !c.insecure) {
        const written at = first_written(all, {"listen.address", "listen.insecure"});
        refuse(at.origin, at.name,
            c.net.address +
                " is beyond loopback and nobody is asked for a password, expected "
                "127.0.0.1 or ::1, or listen.insecure: true");
    }
    if (c.core.slab_bytes < std::size_t{c.net.frame_bytes_max} + 4) {
        const written at = first_written(all, {"slabs.bytes", "limits.frame_bytes_max"});
        refuse(at.origin, at.name,
            "a slab of " + std::to_string(c.core.slab_bytes) + " bytes cannot hold a frame of " +
                std::to_string(c.net.frame_bytes_max) +
                ", expected slabs.bytes of 4 more at least");
    }
    if (c.core.slab_count < std::size_t{c.net.threads} * net::slabs_per_thread_min) {
        const written at = first_written(all, {"slabs.count", "threads.network"});
        refuse(at.origin, at.name,
            std::to_string(c.core.slab_count) + " slabs are too few for " +
                std::to_string(c.net.threads) + " network threads, expected at least " +
                std::to_string(net::slabs_per_thread_min) + " for each");
    }
    for (const processor_choice& each : c.processing.rules) {
        if (each.use != core::processor_kind::batch) continue;
        if (each.batch.events <= c.processing.held_max) continue;
        const written at = first_written(all, {"event_pool.capacity", "processors"});
        refuse(at.origin, at.name,
            "a window of " + std::to_string(each.batch.events) + " events does not fit into " +
                std::to_string(c.processing.held_max) +
                ", expected event_pool.capacity of as many at least");
    }
    if (const control::conflict wrong = control::conflict_in(c.control.marks)) {
        const written at = first_written(all, mark_keys(wrong));
        const std::string other = wrong.other == nullptr ? "" : std::string(" and ") + wrong.other;
        refuse(at.origin, at.name,
            "enter and leave of " + (wrong.mark + other) + " do not fit together, expected " +
                wrong.expected);
    }
}

config parse_config(const std::string& text, const std::string& name) {
    draft all;
    read_yaml(all, text, name);
    all.values.file = name;
    check_together(all);
    return all.values;
}

config load_config(const std::string& path) {
    draft all;
    read_yaml_file(all, path);
    check_together(all);
    return all.values;
}

}  // namespace broker
