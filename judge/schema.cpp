// SPDX-License-Identifier: GPL-3.0-or-later
#include "judge/questions.h"

#include <nlohmann/json.hpp>
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace kb::judge {

namespace {

using Json = nlohmann::json;

/// Words of drafts after 7 that change what fits.
const std::set<std::string>& laterWords() {
    static const std::set<std::string> words{"prefixItems",       "unevaluatedItems", "unevaluatedProperties",
                                             "dependentRequired", "dependentSchemas", "minContains",
                                             "maxContains",       "$dynamicRef",      "$recursiveRef",
                                             "$anchor",           "$dynamicAnchor",   "$recursiveAnchor"};
    return words;
}

/// The first such word, wherever a schema stands.
std::string laterWord(const Json& schema) {
    static const std::set<std::string> maps{"properties", "patternProperties", "definitions", "$defs",
                                            "dependencies"};
    static const std::set<std::string> data{"enum", "const", "default", "examples"};
    if (schema.is_array()) {
        for (const Json& each : schema)
            if (std::string word = laterWord(each); !word.empty()) return word;
    }
    if (!schema.is_object()) return {};
    for (const auto& [name, value] : schema.items()) {
        if (laterWords().count(name)) return name;
        if (data.count(name)) continue;
        if (!maps.count(name)) {
            if (std::string word = laterWord(value); !word.empty()) return word;
            continue;
        }
        for (const auto& each : value.items())
            if (std::string word = laterWord(each.value()); !word.empty()) return word;
    }
    return {};
}

std::string place(const std::vector<std::string>& context) {
    std::string text;
    for (const std::string& step : context) // "<root>", "[users]", "[0]"
        if (step.size() > 2 && step.front() == '[') text += '/' + step.substr(1, step.size() - 2);
    return text.empty() ? "/" : text;
}

} // namespace

Verdict runSchema(const std::string& schemaText, const std::string& body) {
    Verdict verdict;
    const Json schemaJson = Json::parse(schemaText, nullptr, false);
    if (schemaJson.is_discarded() || !(schemaJson.is_object() || schemaJson.is_boolean())) {
        verdict.problem = "schema";
        return verdict;
    }
    if (schemaJson.is_object() && schemaJson.contains("$schema") && schemaJson["$schema"].is_string()) {
        const std::string draft = schemaJson["$schema"];
        if (draft.find("draft-07") == std::string::npos && draft.find("draft-06") == std::string::npos) {
            verdict.problem = "draft";
            verdict.detail = draft;
            return verdict;
        }
    }
    if (const std::string word = laterWord(schemaJson); !word.empty()) {
        verdict.problem = "word";
        verdict.detail = word;
        return verdict;
    }
    const Json bodyJson = Json::parse(body, nullptr, false);
    if (bodyJson.is_discarded()) {
        verdict.problem = "body";
        return verdict;
    }
    valijson::Schema schema;
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    const valijson::adapters::NlohmannJsonAdapter schemaAdapter(schemaJson);
    try {
        parser.populateSchema(schemaAdapter, schema);
    } catch (const std::exception& error) {
        verdict.problem = "schema";
        verdict.detail = error.what();
        return verdict;
    }
    valijson::Validator validator;
    valijson::ValidationResults results;
    const valijson::adapters::NlohmannJsonAdapter bodyAdapter(bodyJson);
    if (validator.validate(schema, bodyAdapter, &results)) return verdict;
    valijson::ValidationResults::Error error;
    while (results.popError(error))
        verdict.faults.push_back(place(error.context) + ": " + error.description);
    if (verdict.faults.empty()) verdict.faults.emplace_back("/: it does not fit");
    return verdict;
}

} // namespace kb::judge
