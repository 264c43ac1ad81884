// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/import_dialog.h"

#include "core/auth/further_keys.h"
#include "core/interchange/import_merge.h"
#include "ui/theme.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QTreeWidget>

namespace kb {

ImportDialog::ImportDialog(Session& session, const QString& folder, QWidget* parent)
    : QDialog(parent), m_session(session), m_folder(folder) {
    build();
}

ImportDialog::~ImportDialog() {
    if (m_reading) m_reading->disconnect(this);
}

void ImportDialog::build() {
    setWindowTitle(tr("Import requests"));
    resize(820, 640);
    auto* layout = new QVBoxLayout(this);
    auto* intro =
        new QLabel(tr("Paste curl commands or a collection, or name a file, a folder or an address: OpenAPI, "
                      "Postman, Insomnia, Bruno, OpenCollection, HAR, .http."),
                   this);
    intro->setWordWrap(true);
    layout->addWidget(intro);
    auto* row = new QHBoxLayout;
    m_place = new QLineEdit(this);
    m_place->setPlaceholderText(tr("File, folder or address"));
    m_place->setAccessibleName(tr("File, folder or address"));
    m_as = new QComboBox(this);
    m_as->setAccessibleName(tr("Read the address as"));
    m_as->setToolTip(tr("Who reads the document, where its address asks for a credential"));
    m_as->addItem(tr("as nobody"), QString());
    for (const TokenProfile& profile : m_session.profiles())
        m_as->addItem(tr("as %1").arg(profile.name), profile.id);
    m_as->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_as->setMinimumContentsLength(10);
    auto* file = new QPushButton(tr("File…"), this);
    auto* folder = new QPushButton(tr("Folder…"), this);
    auto* readButton = new QPushButton(tr("Read"), this);
    for (QPushButton* button : {file, folder, readButton})
        button->setAutoDefault(false);
    const bool files = bool(m_session.services().readImport);
    file->setEnabled(files);
    folder->setEnabled(files);
    row->addWidget(m_place, 1);
    row->addWidget(m_as);
    row->addWidget(file);
    row->addWidget(folder);
    row->addWidget(readButton);
    layout->addLayout(row);
    m_text = new QPlainTextEdit(this);
    m_text->setPlaceholderText(
        QStringLiteral("curl https://api.example.com/users -H 'Accept: application/json'"));
    m_text->setAccessibleName(tr("Pasted commands or collection"));
    m_text->setTabChangesFocus(true);
    m_text->setMaximumHeight(140);
    QFont mono = theme().monospace();
    m_text->setFont(mono);
    layout->addWidget(m_text);
    m_preview = new QTreeWidget(this);
    m_preview->setHeaderLabels({tr("What will be made"), tr("Details")});
    m_preview->setAccessibleName(tr("What will be made"));
    m_preview->header()->setStretchLastSection(true);
    m_preview->setColumnWidth(0, 360);
    m_preview->setUniformRowHeights(true);
    layout->addWidget(m_preview, 1);
    m_message = new QLabel(this);
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    layout->addWidget(m_message);
    auto* last = new QHBoxLayout;
    auto* label = new QLabel(tr("Keep secrets in"), this);
    m_storage = new QComboBox(this);
    m_storage->addItem(tr("the keychain"), int(SecretStorage::Keychain));
    m_storage->addItem(tr("memory, until Keybearer closes"), int(SecretStorage::Memory));
    m_storage->setAccessibleName(tr("Where secrets are kept"));
    const StoreState::Kind kind = m_session.storeState().kind;
    if (kind == StoreState::Kind::Unavailable) m_storage->setCurrentIndex(1);
    label->setBuddy(m_storage);
    last->addWidget(label);
    last->addWidget(m_storage);
    last->addStretch();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_import = buttons->addButton(tr("Import"), QDialogButtonBox::AcceptRole);
    m_import->setEnabled(false);
    m_import->setProperty("primary", true);
    last->addWidget(buttons);
    layout->addLayout(last);
    connect(buttons, &QDialogButtonBox::accepted, this, &ImportDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_text, &QPlainTextEdit::textChanged, this, &ImportDialog::readText);
    connect(readButton, &QPushButton::clicked, this, [this] { readPlace(m_place->text().trimmed()); });
    connect(m_place, &QLineEdit::returnPressed, this, [this] { readPlace(m_place->text().trimmed()); });
    connect(file, &QPushButton::clicked, this, [this] { choose(false); });
    connect(folder, &QPushButton::clicked, this, [this] { choose(true); });
    m_text->setFocus();
}

void ImportDialog::choose(bool folder) {
    auto* dialog = new QFileDialog(this, folder ? tr("Import a folder") : tr("Import a file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(folder ? QFileDialog::Directory : QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_place->setText(QDir::toNativeSeparators(path));
        readPlace(path);
    });
    dialog->open();
}

void ImportDialog::takeText(const QString& text) {
    m_text->setPlainText(text);
}

void ImportDialog::readText() {
    const QString text = m_text->toPlainText();
    if (text.trimmed().isEmpty()) return;
    show(importFiles({{tr("Pasted"), text.toUtf8()}}), {});
}

void ImportDialog::readPlace(const QString& place) {
    if (place.isEmpty()) return;
    static const QRegularExpression curl(QStringLiteral("^\\s*curl(\\.exe)?\\s"));
    if (curl.match(place).hasMatch()) { // pasted into the wrong field
        m_place->clear();
        m_text->setPlainText(place);
        return;
    }
    if (!isDocumentAddress(place)) return readFiles({QDir::fromNativeSeparators(place)});
    RequestSpec spec;
    spec.url = place;
    spec.profileId = m_as->currentData().toString();
    m_reading = m_session.makeRun(spec);
    connect(m_reading.get(), &Run::finished, this, [this, place](const RunResult& result) {
        m_reading.release()->deleteLater();
        if (result.error) return show(tl::unexpected(*result.error), {});
        const Exchange& last = result.hops.last();
        if (last.response().status != 200)
            return show(fail(ErrorCode::NotFound, tr("The address answered %1.").arg(last.response().status),
                             documentName(place)),
                        {});
        const QString name = documentName(place);
        show(importFiles({{name, last.rawBody()}}), name == place ? place : QString());
    });
    m_reading->start();
}

void ImportDialog::readFiles(const QStringList& paths) {
    if (!m_session.services().readImport)
        return show(fail(ErrorCode::Unsupported, tr("Files cannot be read here. Paste the text.")), {});
    Result<Imported> imported = m_session.services().readImport(paths);
    const QString document = imported ? imported->document : QString();
    show(std::move(imported), document);
}

QTreeWidgetItem* ImportDialog::addGroup(const QString& title) {
    auto* group = new QTreeWidgetItem(m_preview, {title});
    group->setExpanded(true);
    QFont bold = m_preview->font();
    bold.setWeight(QFont::DemiBold);
    group->setFont(0, bold);
    return group;
}

/// The names of a folder's or a request's own variables: their values may be long, and stand in the files.
static QString variablesText(const QList<Variable>& variables) {
    QStringList names;
    for (const Variable& variable : variables)
        names.append(variable.name);
    return names.isEmpty() ? QString()
                           : ImportDialog::tr("Variables: %1").arg(names.join(QStringLiteral(", ")));
}

void ImportDialog::addItems(const QList<TreeItem>& items, QTreeWidgetItem* parent) {
    for (const TreeItem& item : items) {
        const bool folder = item.kind == TreeItem::Kind::Folder;
        QStringList about;
        if (!folder) about.append(item.request.method + u' ' + item.request.url);
        const QString own = variablesText(folder ? item.defaults.variables : item.request.variables);
        if (!own.isEmpty()) about.append(own);
        auto* made = new QTreeWidgetItem(parent, {item.name, about.join(QStringLiteral(" · "))});
        made->setExpanded(folder && items.size() < 50);
        addItems(item.children, made);
    }
}

void ImportDialog::addPaths(const QString& title, const QStringList& paths) {
    if (paths.isEmpty()) return;
    QTreeWidgetItem* group = addGroup(title);
    for (const QString& path : paths) {
        const TreeItem* item = m_session.workspace().find(path);
        new QTreeWidgetItem(group, {item ? item->name : path, path});
    }
}

/// A document that was imported before: what is new, what changes, and what stays.
void ImportDialog::showRequests(const Imported& imported) {
    const ImportMerge merge =
        imported.api ? mergeImport(m_session.workspace(), imported, m_folder) : ImportMerge();
    QStringList changed;
    for (const TreeItem& item : merge.changed)
        if (!merge.edited.contains(item.path)) changed.append(item.path);
    if (merge.changed.isEmpty() && merge.same.isEmpty() && merge.gone.isEmpty())
        return addItems(imported.items, addGroup(tr("Requests")));
    QTreeWidgetItem* group = nullptr;
    for (const ImportMerge::Addition& addition : merge.additions) {
        if (!group) group = addGroup(tr("New requests"));
        addItems(addition.items, group);
    }
    addPaths(tr("Changed in the document"), changed);
    addPaths(tr("Changed, with your edits kept"), merge.edited);
    addPaths(tr("No longer in the document, and kept"), merge.gone);
    if (!merge.same.isEmpty()) addGroup(tr("%n request(s) as before", nullptr, int(merge.same.size())));
}

void ImportDialog::show(Result<Imported> imported, const QString& document) {
    m_preview->clear();
    m_imported.reset();
    m_import->setEnabled(false);
    if (!imported) {
        say(imported.error().text(), true);
        Q_EMIT read();
        return;
    }
    m_document = document;
    noteDocument(*imported, document, m_session.workspace().matrix.document);
    if (!imported->items.isEmpty()) showRequests(*imported);
    if (!imported->environments.isEmpty()) {
        QTreeWidgetItem* group = addGroup(tr("Environments"));
        for (const Environment& environment : std::as_const(imported->environments)) {
            QStringList names;
            for (const Variable& variable : environment.variables)
                names.append(variable.name);
            new QTreeWidgetItem(group, {environment.name, names.join(QStringLiteral(", "))});
        }
    }
    if (!imported->profiles.empty()) {
        QTreeWidgetItem* group = addGroup(tr("Profiles"));
        for (const ImportedProfile& each : imported->profiles) {
            const QString secret = each.secrets.empty() ? tr("no secret yet") : tr("its secret was found");
            QStringList about{schemeName(each.profile.scheme)};
            for (const ApiKeyScheme& key : each.profile.keys)
                about.append(keyTitle(key));
            about.append(secret);
            auto* made = new QTreeWidgetItem(group, {each.profile.name, about.join(QStringLiteral(", "))});
            for (const QString& place : each.places)
                new QTreeWidgetItem(made, {place});
        }
    }
    if (!imported->secrets.empty()) {
        QTreeWidgetItem* group = addGroup(tr("Secret variables"));
        for (const ImportedSecret& each : imported->secrets) {
            const QString where = each.environment.isEmpty() ? tr("every environment") : each.environment;
            const QString state =
                each.record.secret.isEmpty() ? tr("no value yet") : tr("its value was found");
            auto* made = new QTreeWidgetItem(group, {each.name, where + QStringLiteral(", ") + state});
            for (const QString& place : each.places)
                new QTreeWidgetItem(made, {place});
        }
    }
    if (!imported->notes.isEmpty()) {
        QTreeWidgetItem* group = addGroup(tr("To know"));
        for (const QString& note : std::as_const(imported->notes)) {
            auto* made = new QTreeWidgetItem(group, {note});
            made->setFirstColumnSpanned(true);
            made->setToolTip(0, note);
        }
    }
    const int requests = imported->requestCount();
    m_imported = std::move(*imported);
    m_import->setEnabled(true);
    say(tr("%1: %2").arg(m_imported->format, tr("%n request(s)", nullptr, requests)), false);
    Q_EMIT read();
}

void ImportDialog::accept() {
    if (!m_imported) return;
    m_import->setEnabled(false);
    const int requests = m_imported->requestCount();
    const auto storage = static_cast<SecretStorage>(m_storage->currentData().toInt());
    QString document = m_document;
    const QString root = m_session.workspace().folder + u'/';
    if (document.startsWith(root)) document.remove(0, root.size());
    Imported taken = std::move(*m_imported);
    m_imported.reset();
    m_session.importRequests(
        std::move(taken), m_folder, storage, document,
        [this, guard = QPointer<ImportDialog>(this), requests](const std::optional<Error>& error) {
            if (!guard) return;
            if (error) {
                say(error->text(), true);
                m_preview->clear(); // its secrets are gone: it is read anew for another try
                Q_EMIT read();
                return;
            }
            m_text->clear(); // secrets may stand in it
            Q_EMIT imported(requests);
            QDialog::accept();
        });
}

void ImportDialog::say(const QString& text, bool bad) {
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, theme().tone(bad ? Tone::Bad : Tone::Neutral).text);
    m_message->setPalette(colours);
    m_message->setText(text);
}

QString ImportDialog::message() const {
    return m_message->text();
}

} // namespace kb
