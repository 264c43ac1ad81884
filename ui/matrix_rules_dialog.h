// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/matrix.h"

#include <QDialog>

class QLabel;
class QListWidget;
class QTableWidget;
class QTabWidget;

namespace kb {

/// What the user says of the access matrix beside marks: rules on claims, operations that are public,
/// waivers, whose objects are whose, and the request that proves each profile's credential.
class MatrixRulesDialog final : public QDialog {
    Q_OBJECT
public:
    /// `api` is nullptr where no document has been read: then operations are typed.
    MatrixRulesDialog(const ApiDescription* api, const QList<MatrixProfile>& profiles,
                      const MatrixSettings& now, QWidget* parent = nullptr);

    /// What stands in the tables, put into settings. Call it after accepted().
    void applyTo(MatrixSettings& settings) const;
    void accept() override; ///< refuses what cannot be used, and says where it stands
    QString message() const;

private:
    enum Tab { Rules, Public, Waivers, Own, Canaries, Marks, Fields, Markers, TabCount };
    QTableWidget* addTable(const QString& title, const QString& note, const QStringList& columns,
                           std::function<void(int row)> fill);
    void addRow(Tab tab);
    void buildRules();
    void buildPublic(const ApiDescription* api);
    void buildWaivers();
    void buildOwn();
    void buildCanaries(const ApiDescription* api);
    void buildMarks();
    void buildFields();
    void buildMarkers();
    bool checkMore();
    void applyMore(MatrixSettings& settings) const;
    QList<std::pair<QString, QString>> anyProfile() const;
    QString textAt(Tab tab, int row, int column) const;
    QStringList wordsAt(Tab tab, int row, int column) const;
    void setWords(Tab tab, int row, int column, const QStringList& words);
    void setText(Tab tab, int row, int column, const QString& text);
    void setChoice(Tab tab, int row, int column, const QList<std::pair<QString, QString>>& dataAndNames,
                   const QString& chosen, const QString& name);
    bool refuse(Tab tab, int row, const QString& why);
    QList<std::pair<QString, QString>> liveProfiles() const;

    MatrixSettings m_now;
    QList<MatrixProfile> m_profiles;
    QList<std::pair<QString, QString>> m_safeOperations;
    QTabWidget* m_tabs;
    QTableWidget* m_tables[TabCount] = {};
    std::function<void(int row)> m_fill[TabCount];
    QListWidget* m_public = nullptr;
    QLabel* m_message;
};

} // namespace kb
