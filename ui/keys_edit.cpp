// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys_edit.h"

#include "core/auth/further_keys.h"
#include "ui/secret_edit.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <algorithm>

namespace kb {

KeysEdit::KeysEdit(QWidget* parent)
    : QWidget(parent), m_grid(new QGridLayout(this)), m_add(new QPushButton(tr("Add a key…"), this)) {
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setColumnStretch(1, 3);
    m_grid->setColumnStretch(2, 3);
    m_add->setAccessibleName(tr("Add an API key that goes along"));
    m_add->setToolTip(tr("For an API that wants an API key and another credential at once."));
    connect(m_add, &QPushButton::clicked, this, [this] {
        QLineEdit* name = add(ApiKeyScheme{}).name;
        layOut();
        name->setFocus();
        name->selectAll();
        Q_EMIT changed();
    });
    layOut();
}

void KeysEdit::setStored(const QList<ApiKeyScheme>& keys, const QStringList& absent) {
    m_stored = keys;
    m_absent = absent;
    while (!m_rows.empty())
        remove(m_rows.back().remove);
    for (const ApiKeyScheme& key : keys)
        add(key);
    layOut();
}

KeysEdit::Row& KeysEdit::add(const ApiKeyScheme& key) {
    Row row{new QComboBox(this), new QLineEdit(key.name, this), new SecretEdit(this), new QToolButton(this)};
    row.place->addItem(tr("In a header"));
    row.place->addItem(tr("In the query"));
    row.place->addItem(tr("In a cookie"));
    row.place->setCurrentIndex(static_cast<int>(key.in));
    row.place->setAccessibleName(tr("Where this key goes"));
    row.name->setAccessibleName(tr("Name of this key's field"));
    row.secret->setAccessibleName(tr("This key"));
    row.name->setMinimumWidth(fontMetrics().averageCharWidth() * 16);
    row.remove->setText(QStringLiteral("✕"));
    row.remove->setAutoRaise(true);
    row.remove->setAccessibleName(tr("Remove this key"));
    row.remove->setToolTip(row.remove->accessibleName());
    connect(row.place, &QComboBox::currentIndexChanged, this, &KeysEdit::describe);
    connect(row.name, &QLineEdit::textChanged, this, &KeysEdit::describe);
    connect(row.remove, &QToolButton::clicked, this, [this, button = row.remove] {
        remove(button);
        layOut();
        m_add->setFocus();
        Q_EMIT changed();
    });
    m_rows.push_back(row);
    return m_rows.back();
}

void KeysEdit::remove(QToolButton* button) {
    const auto at =
        std::find_if(m_rows.begin(), m_rows.end(), [button](const Row& row) { return row.remove == button; });
    if (at == m_rows.end()) return;
    for (QWidget* each : {static_cast<QWidget*>(at->place), static_cast<QWidget*>(at->name),
                          static_cast<QWidget*>(at->secret), static_cast<QWidget*>(at->remove)}) {
        each->hide();
        each->deleteLater(); // the button's own click is still under way
    }
    m_rows.erase(at);
}

void KeysEdit::layOut() {
    int line = 0;
    QWidget* before = nullptr;
    for (const Row& row : m_rows) {
        int column = 0;
        for (QWidget* each : {static_cast<QWidget*>(row.place), static_cast<QWidget*>(row.name),
                              static_cast<QWidget*>(row.secret), static_cast<QWidget*>(row.remove)}) {
            m_grid->addWidget(each, line, column++);
            each->show();
            if (before) setTabOrder(before, each);
            before = each;
        }
        ++line;
    }
    m_grid->addWidget(m_add, line, 0, 1, 2, Qt::AlignLeft);
    if (before) setTabOrder(before, m_add);
    describe();
    m_grid->activate();
    updateGeometry(); // at once: who asks for the room needs it now
}

ApiKeyScheme KeysEdit::keyOf(const Row& row) {
    return {static_cast<ApiKeyScheme::In>(row.place->currentIndex()), row.name->text().trimmed()};
}

void KeysEdit::describe() {
    for (const Row& row : m_rows) {
        const QString part = keyPart(keyOf(row));
        const bool stored = std::any_of(m_stored.begin(), m_stored.end(),
                                        [&](const ApiKeyScheme& key) { return keyPart(key) == part; });
        row.secret->setPlaceholderText(!stored                   ? tr("Paste the key")
                                       : m_absent.contains(part) ? tr("None in this environment: paste it")
                                                                 : tr("Leave empty to keep it"));
    }
}

QList<ApiKeyScheme> KeysEdit::keys() const {
    QList<ApiKeyScheme> all;
    for (const Row& row : m_rows)
        all.append(keyOf(row));
    return all;
}

std::map<QString, Secret> KeysEdit::changes() const {
    std::map<QString, Secret> all;
    for (const ApiKeyScheme& key : m_stored)
        all.insert_or_assign(keyPart(key), Secret());
    for (const Row& row : m_rows) {
        const QString part = keyPart(keyOf(row));
        if (row.secret->isEmptySecret())
            all.erase(part);
        else
            all.insert_or_assign(part, row.secret->copy());
    }
    return all;
}

std::optional<ApiKeyScheme> KeysEdit::missing(bool anew) const {
    for (const Row& row : m_rows) {
        if (!row.secret->isEmptySecret()) continue;
        const ApiKeyScheme key = keyOf(row);
        const bool stored = std::any_of(m_stored.begin(), m_stored.end(), [&](const ApiKeyScheme& each) {
            return keyPart(each) == keyPart(key);
        });
        if (anew || !stored) return key;
    }
    return std::nullopt;
}

} // namespace kb
