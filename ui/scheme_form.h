// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/auth_schemes.h"

#include <QWidget>
#include <functional>
#include <vector>

class QCheckBox;
class QFormLayout;

namespace kb {

/// The fields of a scheme that has more of them than a token or a password: made from the scheme's own list
/// of members, so that each of them can be edited.
class SchemeForm final : public QWidget {
    Q_OBJECT
public:
    explicit SchemeForm(QWidget* parent = nullptr);

    /// Shows the fields of this scheme with its values.
    void setScheme(const AuthScheme& scheme);
    /// The scheme as the fields say it now.
    AuthScheme scheme() const;
    /// The kinds this form is for, as schemeName() has them, and what they are called.
    static QList<std::pair<QString, QString>> kinds();
    /// What the user has to type as the secret of this scheme, a phrase; empty where there is nothing.
    static QString secretHint(const AuthScheme& scheme);

    QFormLayout* form() const { return m_form; } ///< of the scheme shown

Q_SIGNALS:
    void changed();
    void fieldsChanged(); ///< others are shown now

private:
    struct Row {
        QByteArray name;
        QWidget* editor;
    };
    struct Builder;
    struct Reader;
    void showRelevant();

    AuthScheme m_scheme;
    QFormLayout* m_form = nullptr;
    QWidget* m_page = nullptr;
    QCheckBox* m_more = nullptr;
    std::vector<Row> m_rows;
};

} // namespace kb
