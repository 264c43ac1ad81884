// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/interchange/import.h"
#include "ui/session.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace kb {

/// Takes requests from other programs: pasted, from a file or folder, or from an address. What would be made
/// is shown before anything is.
class ImportDialog final : public QDialog {
    Q_OBJECT
public:
    ImportDialog(Session& session, const QString& folder, QWidget* parent = nullptr);
    ~ImportDialog() override;

    /// Reads what a file, a folder or an address names, and shows it.
    void readPlace(const QString& place);
    /// The same of several files: of one format, such as a collection and its environments.
    void readFiles(const QStringList& paths);
    /// Reads the pasted text.
    void readText();
    void takeText(const QString& text); ///< as if it had been pasted
    void accept() override;             ///< does the import
    QTreeWidget& preview() { return *m_preview; }
    QString message() const;

Q_SIGNALS:
    void read();                 ///< a preview stands there, or why not
    void imported(int requests); ///< all of it is in the workspace

private:
    void build();
    void show(Result<Imported> imported, const QString& document);
    void showRequests(const Imported& imported);
    void addPaths(const QString& title, const QStringList& paths);
    void addItems(const QList<TreeItem>& items, QTreeWidgetItem* parent);
    QTreeWidgetItem* addGroup(const QString& title);
    void choose(bool folder);
    void say(const QString& text, bool bad);

    Session& m_session;
    QString m_folder;
    std::optional<Imported> m_imported;
    QString m_document;
    std::unique_ptr<Run> m_reading;
    QPlainTextEdit* m_text = nullptr;
    QLineEdit* m_place = nullptr;
    QComboBox *m_as = nullptr, *m_storage = nullptr;
    QTreeWidget* m_preview = nullptr;
    QLabel* m_message = nullptr;
    QPushButton* m_import = nullptr;
};

} // namespace kb
