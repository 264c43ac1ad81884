// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"
#include "core/workspace/auth_schemes.h"

#include <QWidget>
#include <map>
#include <vector>

class QComboBox;
class QGridLayout;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace kb {

class SecretEdit;

/// The API keys that go along with a profile's own credential. What is typed is held until it is stored.
class KeysEdit final : public QWidget {
    Q_OBJECT
public:
    explicit KeysEdit(QWidget* parent = nullptr);

    /// The keys the profile has, whose values are stored. Those of `absent`, by keyPart(), have none in this
    /// environment; that is said, and is no reason not to save.
    void setStored(const QList<ApiKeyScheme>& keys, const QStringList& absent = {});
    QList<ApiKeyScheme> keys() const;
    /// What was typed, by keyPart(); for a stored key that was removed, an empty secret.
    std::map<QString, Secret> changes() const;
    /// The first key that has no value: none typed, and none stored for its place. With `anew` a stored value
    /// does not count.
    std::optional<ApiKeyScheme> missing(bool anew) const;

Q_SIGNALS:
    void changed();

private:
    struct Row {
        QComboBox* place;
        QLineEdit* name;
        SecretEdit* secret;
        QToolButton* remove;
    };
    Row& add(const ApiKeyScheme& key);
    void remove(QToolButton* button);
    void layOut();
    void describe();
    static ApiKeyScheme keyOf(const Row& row);

    QList<ApiKeyScheme> m_stored;
    QStringList m_absent;
    std::vector<Row> m_rows;
    QGridLayout* m_grid;
    QPushButton* m_add;
};

} // namespace kb
