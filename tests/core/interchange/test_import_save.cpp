// SPDX-License-Identifier: GPL-3.0-or-later
// An import that goes wrong on its way into a workspace: no secret is left for nobody, and what was saved is
// told.
#include "core/base/later.h"
#include "core/interchange/import_save.h"

#include <QSignalSpy>
#include <QTest>

using namespace kb;

namespace {

class Secrets final : public SecretStore {
public:
    QStringList held;
    int failAt = -1; ///< the write that is refused

    HandlePtr read(const SecretRef&, std::function<void(Result<SecretRecord>)>) override { return nullptr; }
    HandlePtr write(const SecretRef& ref, SecretRecord, std::function<void(Result<void>)> done) override {
        const bool fails = failAt-- == 0;
        if (!fails) held.append(ref.id);
        return std::make_unique<Later>([done, fails] {
            done(fails ? Result<void>(fail(ErrorCode::StoreRefused, QStringLiteral("no"))) : Result<void>());
        });
    }
    HandlePtr remove(const SecretRef& ref, std::function<void(Result<void>)> done) override {
        held.removeAll(ref.id);
        return std::make_unique<Later>([done] { done({}); });
    }
    HandlePtr probe(std::function<void(StoreState)>) override { return nullptr; }
};

class Files final : public WorkspaceStore {
public:
    Workspace onDisk;
    int failAt = -1; ///< the save that fails
    Result<void> save() {
        return failAt-- == 0 ? Result<void>(fail(ErrorCode::FileError, QStringLiteral("The disk is full.")))
                             : Result<void>();
    }
    Result<Workspace> load(const QString&) override { return onDisk; }
    Result<Workspace> create(const QString&, const QString&) override { return onDisk; }
    Result<void> saveRoot(const Workspace& workspace) override {
        const Result<void> saved = save();
        if (saved) onDisk = workspace;
        return saved;
    }
    Result<void> saveRequest(const Workspace&, const TreeItem& item) override {
        const Result<void> saved = save();
        if (saved) onDisk.items.append(item);
        return saved;
    }
    Result<void> saveFolder(const Workspace&, const TreeItem&) override { return save(); }
    Result<void> saveEnvironment(const Workspace&, const Environment& environment) override {
        const Result<void> saved = save();
        if (saved) environments.append(environment);
        return saved;
    }
    QList<Environment> environments; ///< as they were saved
    QString environmentPath(const Workspace&, const QString& name) const override {
        return QStringLiteral("environments/") + name + QStringLiteral(".yml");
    }
    Result<void> removeItem(const Workspace&, const QString&) override { return {}; }
    Result<void> removeEnvironment(const Workspace&, const QString&) override { return {}; }
    Result<std::optional<QByteArray>> fileBytes(const Workspace&, const QString&) override {
        return std::optional<QByteArray>();
    }
    QStringList filesBelow(const Workspace&, const QString&) const override { return {}; }
    Result<void> apply(const Workspace&, const QList<FileChange>&) override { return {}; }
    bool changedOutside(const QString&) override { return false; }
    Result<void> writeBeside(const Workspace&, const QString&, const QByteArray&) override { return {}; }
    Result<QByteArray> readBodyFile(const QString&, const QString&) override { return QByteArray(); }
    QString findFolder(const QString&) const override { return {}; }
    QStringList takenNames(const Workspace&, const QString&) const override {
        return {QStringLiteral("GET-a.yml")};
    }
    QString freePath(const Workspace&, const QString&, const QString&) const override { return {}; }
};

} // namespace

class TestImportSave : public QObject {
    Q_OBJECT
    Secrets m_secrets;
    Files m_files;
    Workspace m_now;
    std::optional<Error> m_error;

    void save(const QByteArray& text = "curl -u ada:password-0001 https://h/a\n"
                                       "curl -u bob:password-0002 https://h/b\n",
              const QList<Environment>& environments = {}, const ImportSave::Options& options = {}) {
        Result<Imported> imported = importFiles({{QStringLiteral("x"), text}});
        QVERIFY(imported);
        Workspace workspace;
        workspace.folder = QStringLiteral("/w");
        workspace.environments = environments;
        ImportSave task(m_files, options.storage == SecretStorage::Memory ? nullptr : &m_secrets, workspace,
                        std::move(*imported), options);
        bool done = false;
        connect(&task, &ImportSave::finished, this,
                [&](const Workspace& now, const std::optional<Error>& error) {
                    QVERIFY(!done);
                    done = true;
                    m_now = now;
                    m_error = error;
                });
        task.start();
        QVERIFY(!done); // never inside start()
        QTRY_VERIFY(done);
    }

private Q_SLOTS:
    void init() {
        m_secrets = {};
        m_files = {};
    }

    void allOfItIsSaved() {
        save();
        QVERIFY(!m_error);
        QCOMPARE(m_secrets.held.size(), 2);
        QCOMPARE(m_now.profiles.size(), 2);
        // A name that is taken on disk, in whatever case, gets a number.
        QCOMPARE(m_now.items.value(0).path, QStringLiteral("get-a-2.yml"));
        QCOMPARE(m_now.items.value(1).path, QStringLiteral("get-b.yml"));
        QCOMPARE(m_files.onDisk.items, m_now.items);
    }
    /// What a body held becomes a secret variable of every environment, with a value of its own in each.
    void secretVariablesAreMade() {
        const QByteArray text = "curl https://h.example/login -d 'password=ada-password-1'\n";
        save(text);
        QVERIFY(!m_error);
        QCOMPARE(m_secrets.held.size(), 1);
        const Environment made = m_now.environments.value(0);
        QCOMPARE(made.name, QStringLiteral("Default")); // there was none
        QCOMPARE(made.secrets.size(), 1);
        QCOMPARE(made.secrets.first().name, QStringLiteral("password"));
        QCOMPARE(made.secrets.first().secret.id, m_secrets.held.first());
        QCOMPARE(made.secrets.first().allowedOrigins, QStringList{QStringLiteral("https://h.example")});
        QCOMPARE(m_files.environments, m_now.environments);
        init();
        Environment one, two;
        one.name = QStringLiteral("One");
        two.name = QStringLiteral("Two");
        // A name that means something already is not taken: that value would go there instead.
        two.variables = {{QStringLiteral("password"), QStringLiteral("mine"), true}};
        save(text, {one, two});
        QCOMPARE(m_secrets.held.size(), 2);
        QCOMPARE(m_now.environments.size(), 2);
        for (const Environment& each : std::as_const(m_now.environments)) {
            QCOMPARE(each.secrets.size(), 1);
            QCOMPARE(each.secrets.first().name, QStringLiteral("password_2"));
        }
        QCOMPARE(m_now.environments.value(1).variables, two.variables);
        QCOMPARE(m_now.items.value(0).request.body.text, QStringLiteral("password={{password_2}}"));
        init();
        ImportSave::Options memory;
        memory.storage = SecretStorage::Memory;
        save(text, {one}, memory);
        QVERIFY(m_secrets.held.isEmpty());
        QCOMPARE(m_now.environments.value(0).secrets.value(0).storage, SecretStorage::Memory);
        // Nor does a secret stay whose environment could not be saved.
        init();
        m_files.failAt = 2; // the root and one environment are saved
        save(text, {one, Environment{QStringLiteral("Three"), {}}});
        QVERIFY(m_error);
        QCOMPARE(m_files.environments.size(), 1);
        QCOMPARE(m_secrets.held, QStringList{m_files.environments.value(0).secrets.value(0).secret.id});
        // A keychain that refuses leaves none behind.
        init();
        m_secrets.failAt = 1;
        save(text, {one, Environment{QStringLiteral("Three"), {}}});
        QVERIFY(m_error && m_secrets.held.isEmpty() && m_files.environments.isEmpty());
    }
    void aKeychainThatRefusesLeavesNothing() {
        m_secrets.failAt = 1;
        save();
        QCOMPARE(m_error->code, ErrorCode::StoreRefused);
        QVERIFY(m_secrets.held.isEmpty() && m_now.profiles.isEmpty() && m_files.onDisk.items.isEmpty());
    }
    void aRootThatCannotBeSavedTakesTheSecretsBack() {
        m_files.failAt = 0;
        save();
        QCOMPARE(m_error->code, ErrorCode::FileError);
        QVERIFY(m_secrets.held.isEmpty() && m_now.profiles.isEmpty());
    }
    void whatWasSavedBeforeItWentWrongIsTold() {
        m_files.failAt = 2; // the root and the first request are saved
        save();
        QCOMPARE(m_error->code, ErrorCode::FileError);
        QCOMPARE(m_now.items.size(), 1);
        QCOMPARE(m_now.profiles.size(), 2); // the secrets stay: their profiles are saved
        QCOMPARE(m_secrets.held.size(), 2);
    }
};

QTEST_GUILESS_MAIN(TestImportSave)
#include "test_import_save.moc"
