// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/interchange/import_matrix.h"
#include "core/workspace/yaml_node.h"

#include <QSet>

namespace kb::importing {

using HeaderPair = std::pair<QString, QString>;
constexpr int mostIdentities = 500;
constexpr int mostOperations = 5000;
constexpr int mostHeaders = 50; ///< of one identity

/// A login as a file has it: the secret is still in it.
struct LoginDraft {
    QString url; ///< absolute, or a path on the API's own server
    QString method = QStringLiteral("POST");
    QString contentType;
    QString body; ///< as it would be sent; with a password of its own a template with {{user}} and {{secret}}
    std::optional<QString> password; ///< where the file names user name and password apart from the body
    QString user;
    QList<HeaderPair> headers;
    AnswerPlace tokenFrom = AnswerPlace::Pointer;
    QString tokenName;
    QString sendName = QStringLiteral("Authorization");
    QString sendTemplate = QStringLiteral("{token}"); ///< with "{token}" where it goes
    bool inCookie = false;                            ///< the cookie that the login sets goes back
};
/// The body of a login in which a form or a JSON object names both; nothing for another content type.
std::optional<QString> loginBody(const QString& contentType, const QString& userField,
                                 const QString& passwordField);

struct MadeLogin {
    LoginScheme scheme;
    QString secret; ///< empty where nothing of it asks for one
};
/// A login of ours. `base` is the API's address. An error says what it cannot say, and holds no secret.
Result<MadeLogin> makeLogin(const LoginDraft& draft, const QString& base);

/// Who a file says there is.
struct IdentityDraft {
    QString name;
    DeclaredAccess declared;
    QList<HeaderPair> headers; ///< sent with each request; "Cookie" among them
    std::optional<LoginDraft> login;
    std::optional<OAuthScheme> oauth;
    QMap<QString, QString> oauthSecrets; ///< by the record's part
    QStringList origins;                 ///< where the file has it go
    bool mayBeNobody = true;             ///< without a credential it is who has none
};

/// Whether a text stands for a secret that is elsewhere: ${NAME}, or a name of ours that an export put there.
bool isPlaceholder(const QString& text);

/// Makes the profiles of a matrix.
class MatrixMaker {
public:
    MatrixMaker(ImportedMatrix& into, const MatrixImportOptions& options, const QString& file);

    /// The id of the profile, "anonymous" for one without a credential, or nothing where it is left out: the
    /// notes say why.
    QString add(IdentityDraft draft);
    /// Adds a mark; the reason is the file's name. Nothing happens without a profile's id.
    void mark(const QString& operation, const QString& profile, Expect expect, const QString& binding = {});
    void note(const QString& text);
    /// Tells the members of a mapping that are none of `known`.
    void tellUnknown(const yaml::Node* mapping, std::initializer_list<QByteArrayView> known,
                     const QString& where = {});
    /// Tells those that are known and that nothing here has a place for.
    void tellLeftOut(const yaml::Node* mapping, std::initializer_list<QByteArrayView> names,
                     const QString& where = {});
    const MatrixImportOptions& options() const { return m_options; }
    QString nameOf(const QString& profile) const; ///< by its id

private:
    struct Credential;
    QString freeName(const QString& wanted);
    QList<Credential> credentialsOf(const IdentityDraft& draft, const QString& name);
    void addHeader(const HeaderPair& header, const QString& name, QList<Credential>& all);

    ImportedMatrix& m_into;
    const MatrixImportOptions& m_options;
    QString m_reason;
    QSet<QString> m_names; ///< as environment variables would be called
};

// One a format.
Result<void> readWfc(const yaml::Node& root, MatrixMaker& maker);
Result<void> readOverstep(const yaml::Node& root, MatrixMaker& maker, ImportedMatrix& into);
Result<void> readAuthMatrix(const yaml::Node& root, MatrixMaker& maker, ImportedMatrix& into);

/// "GET /users/{id}", or nothing where a part of it is none, or holds a secret.
QString matrixOperation(const QString& method, const QString& path);
/// A short text of a file without control characters, for names and notes.
QString plainWord(const QString& text, qsizetype most = 60);

} // namespace kb::importing
