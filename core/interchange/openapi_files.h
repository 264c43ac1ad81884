// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/json.h"
#include "core/interchange/openapi.h"
#include "core/workspace/yaml_node.h"

#include <map>
#include <memory>

namespace kb::openapi {

/// A value of the document and where it stands. Of what is not there, `node` is null and the place is its
/// parent's.
struct At {
    const yaml::Node* node = nullptr;
    QString file;
    QString pointer;

    explicit operator bool() const { return node != nullptr; }
    QString text() const { return node && node->isScalar() ? node->string() : QString(); }
    bool isTrue() const { return node && node->isScalar() && node->plain && node->text == "true"; }
    bool isMapping() const { return node && node->isMapping(); }
    bool isSequence() const { return node && node->isSequence(); }
    ApiPlace place() const { return {file, pointer, node ? node->line : 0}; }
};

/// The files of one document, read when a reference first leads to them.
class Files {
public:
    Files(QString file, const DocumentReader& others, QString home)
        : m_first(std::move(file)), m_home(std::move(home)), m_others(others) {}

    Result<void> open(const QByteArray& text);
    At root() const;
    /// The member of that name, with its references followed.
    At member(const At& at, const QByteArray& name);
    /// The same without following: for what names things itself.
    static At plainMember(const At& at, const QByteArray& name);
    /// Each member of a mapping or element of a sequence, with its references followed.
    QList<std::pair<QString, At>> members(const At& at);
    /// Where a reference in a place leads. Without a node, and noted, if it leads nowhere.
    At target(const At& from, const QString& reference);
    /// Where a local or file reference leads; `at` itself if it is none. Without a node if it leads nowhere.
    At followed(const At& at);
    void note(const QString& text, const ApiPlace& place);
    const QList<ApiNote>& notes() const { return m_notes; }
    /// Whether the examples of this document may still grow by one value.
    bool spendOnExamples() { return --m_exampleValues >= 0; }

private:
    const yaml::Node* load(const QString& file);
    QString m_first;
    QString m_home; ///< the first file as `m_others` would name it
    const DocumentReader& m_others;
    std::map<QString, std::unique_ptr<yaml::Node>> m_roots;
    QList<ApiNote> m_notes;
    int m_exampleValues = 500000; ///< seconds of work
};

/// A JSON pointer's token: "~" and "/" escaped (RFC 6901 §3).
QString pointerToken(QString name);

/// An example of a schema's values as JSON text: what the document gives (example, default, const, enum),
/// else something of the right type and format. Bounded in depth and size.
QByteArray exampleOf(Files& files, const At& schema);
/// A value of the document as JSON text.
QByteArray jsonOf(const yaml::Node& node);
/// The rows a parameter becomes: one, or one a property for deepObject and exploded objects.
QList<ApiParameter> readParameter(Files& files, const At& parameter, bool swagger);
/// The rows of a value by a style that may make several ("form", "deepObject"), else the one row.
QList<ApiParameter> styledRows(const ApiParameter& base, const JsonValue& value, const QString& style,
                               bool explode);
/// The value of a JSON text; null where it is none.
JsonValue readJson(const QByteArray& text);
/// A text as it is, everything else as JSON.
QString plainText(const JsonValue& value);
/// The example body of an operation (OpenAPI 3), by its media type.
void readBody(Files& files, const At& operation, ApiOperation& into);
/// The same of Swagger 2.0, whose bodies and form fields are parameters, also of the path.
void readSwaggerBody(Files& files, const At& path, const At& operation, ApiOperation& into);
void readSecuritySchemes(Files& files, const At& root, bool swagger, ApiDescription& api);
/// A scheme that is named by its URI (OpenAPI 3.2) is added to the document's.
std::optional<ApiSecurity> readSecurity(Files& files, const At& owner, ApiDescription& api);
/// The mistakes a reader of the document should know of, as notes.
void lint(const ApiDescription& api, Files& files);

} // namespace kb::openapi
