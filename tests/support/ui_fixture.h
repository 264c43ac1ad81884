// SPDX-License-Identifier: GPL-3.0-or-later
// What the window's tests put in place of the outside world. Each part keeps its port's promises: a
// completion comes later, at most once, and not at all once its handle is gone.
#pragma once
#include "ui/session.h"

#include <QDateTime>
#include <map>

namespace kb::test {

class Later final : public Handle {
public:
    template<class Call> explicit Later(Call call) { QTimer::singleShot(0, &m_guard, std::move(call)); }

private:
    QObject m_guard;
};

class MemoryStore final : public SecretStore {
public:
    std::map<QString, SecretRecord> records;
    std::optional<Error> refusal; ///< every answer, while set
    StoreState probed{StoreState::Kind::Available, QStringLiteral("test store"), {}};

    HandlePtr read(const SecretRef& ref, std::function<void(Result<SecretRecord>)> done) override {
        return std::make_unique<Later>([this, ref, done] {
            if (refusal) return done(tl::unexpected(*refusal));
            const auto at = records.find(ref.id);
            if (at == records.end())
                return done(fail(ErrorCode::SecretMissing, QStringLiteral("There is no such secret.")));
            done(at->second.revealCopy());
        });
    }
    HandlePtr write(const SecretRef& ref, SecretRecord record,
                    std::function<void(Result<void>)> done) override {
        if (!refusal) records[ref.id] = std::move(record);
        return std::make_unique<Later>([this, done] { done(answer()); });
    }
    HandlePtr remove(const SecretRef& ref, std::function<void(Result<void>)> done) override {
        records.erase(ref.id);
        return std::make_unique<Later>([this, done] { done(answer()); });
    }
    HandlePtr probe(std::function<void(StoreState)> done) override {
        return std::make_unique<Later>([this, done] { done(probed); });
    }

private:
    Result<void> answer() const { return refusal ? Result<void>(tl::unexpected(*refusal)) : Result<void>(); }
};

class MemorySettings final : public Settings {
public:
    QMap<QString, QVariant> values;
    QVariant value(const QString& key, const QVariant& fallback) const override {
        return values.value(key, fallback);
    }
    void setValue(const QString& key, const QVariant& value) override { values.insert(key, value); }
};

/// One workspace in memory, whatever the folder.
class MemoryWorkspaces final : public WorkspaceStore {
public:
    Workspace workspace;
    Result<Workspace> load(const QString&) override { return workspace; }
    Result<Workspace> create(const QString&, const QString&) override { return workspace; }
    Result<void> saveRoot(const Workspace& changed) override {
        workspace = changed;
        return {};
    }
    Result<void> saveRequest(const Workspace&, const TreeItem&) override { return {}; }
    Result<void> saveFolder(const Workspace&, const TreeItem&) override { return {}; }
    Result<void> saveEnvironment(const Workspace&, const Environment&) override { return {}; }
    QString environmentPath(const Workspace&, const QString& name) const override {
        return QStringLiteral("environments/") + name + QStringLiteral(".yml");
    }
    Result<void> removeItem(const Workspace&, const QString&) override { return {}; }
    Result<void> removeEnvironment(const Workspace&, const QString&) override { return {}; }
    Result<QByteArray> readBodyFile(const QString&, const QString& path) override {
        return fail(ErrorCode::FileError, QStringLiteral("There is no such file."), path);
    }
    Result<void> writeBeside(const Workspace&, const QString&, const QByteArray&) override { return {}; }
    QString findFolder(const QString& start) const override { return start; }
    QStringList takenNames(const Workspace&, const QString&) const override { return {}; }
    Result<std::optional<QByteArray>> fileBytes(const Workspace&, const QString&) override {
        return std::optional<QByteArray>();
    }
    QStringList filesBelow(const Workspace&, const QString&) const override { return {}; }
    Result<void> apply(const Workspace&, const QList<FileChange>&) override { return {}; }
    bool changedOutside(const QString&) override { return false; }
    QString freePath(const Workspace&, const QString& folder, const QString& name) const override {
        return folder + QLatin1Char('/') + name + QStringLiteral(".yml");
    }
};

class TurnableClock final : public Clock {
public:
    qint64 now = 1'800'000'000'000;
    qint64 moved = 0; ///< how far somebody turned the wall clock
    qint64 wallMs() const override { return now + moved; }
    qint64 bootMs() const override { return now; }
};

/// Takes requests and answers none of them, until it is told to stop.
class SilentTransport final : public Transport {
public:
    QList<Request> sent;
    TransportOptions lastOptions;
    std::unique_ptr<Transfer> send(Request request, TransportOptions options,
                                   TransferCallbacks callbacks) override {
        struct Silence final : Transfer {
            explicit Silence(TransferCallbacks calls) : m_calls(std::move(calls)) {}
            void keepGoing(qint64) override {}
            void stop() override {
                m_end = std::make_unique<Later>([finished = m_calls.finished] {
                    finished(fail(ErrorCode::Cancelled, QStringLiteral("stopped")));
                });
            }
            TransferCallbacks m_calls;
            HandlePtr m_end;
        };
        sent.append(std::move(request));
        lastOptions = std::move(options);
        return std::make_unique<Silence>(std::move(callbacks));
    }
};

class NoPractice final : public PracticeControl {
public:
    Result<void> start(const PracticeSettings&) override { return {}; }
    Result<void> begin(const PracticeSettings&, std::function<void(Result<void>)>) override { return {}; }
    void stop() override {}
    bool isRunning() const override { return false; }
    QString baseUrl() const override { return {}; }
    QList<PracticeDefect> defects() const override { return {}; }
    Result<void> setDefect(const QString&, bool) override { return {}; }
    void takeTokens(const std::function<void(PracticeToken)>&) override {}
};

/// A JWT with these claims and no valid signature.
inline QByteArray jwt(const QByteArray& claims) {
    const auto part = [](const QByteArray& json) {
        return json.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    };
    return part("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + '.' + part(claims) +
           ".c2lnbmF0dXJlLXRoYXQtaXMtbm9uZQ";
}

/// A session with an environment `staging` (baseUrl, tenant) and three profiles: Reader (a JWT, valid for 762
/// of 900 seconds), Key (an API key in a header, no expiry) and Empty (no secret).
struct UiFixture {
    TurnableClock clock;
    MemoryStore secrets, memorySecrets;
    MemorySettings settings;
    MemoryWorkspaces workspaces;
    SilentTransport transport;
    NoPractice practice;
    QByteArray readerToken;
    QStringList notifications;
    std::unique_ptr<Session> session;

    explicit UiFixture(const QString& baseUrl = QStringLiteral("https://api.example.com")) {
        const qint64 now = clock.now / 1000;
        readerToken = jwt(
            "{\"sub\":\"user-1\",\"role\":\"user\",\"scope\":\"users:read profile invoices:read\",\"iat\":" +
            QByteArray::number(now - 138) + ",\"exp\":" + QByteArray::number(now + 762) + "}");
        Workspace& w = workspaces.workspace;
        w.name = QStringLiteral("Test");
        w.environments = {{QStringLiteral("staging"),
                           {{QStringLiteral("baseUrl"), baseUrl, true},
                            {QStringLiteral("tenant"), QStringLiteral("acme"), true}}}};
        addProfile("reader", "Reader", BearerScheme{}, readerToken);
        addProfile("key", "Key", ApiKeyScheme{}, "sesame-open-sesame-open-0001");
        addProfile("empty", "Empty", BearerScheme{}, {});
        session = std::make_unique<Session>(
            UiServices{transport, secrets, memorySecrets, workspaces, settings, clock, practice,
                       [this](const QString& title, const QString& text) {
                           notifications << title + QStringLiteral(": ") + text;
                       }});
        if (!session->openWorkspace(QStringLiteral("/nowhere")))
            qFatal("the workspace in memory did not open");
        session->begin();
    }

    void addProfile(const char* id, const char* name, AuthScheme scheme, const QByteArray& secret) {
        TokenProfile profile;
        profile.id = QLatin1String(id);
        profile.name = QLatin1String(name);
        profile.scheme = std::move(scheme);
        profile.bindings.append(
            {{}, SecretRef{QLatin1String(id)}, {QStringLiteral("https://api.example.com")}, {}});
        workspaces.workspace.profiles.append(profile);
        if (secret.isEmpty()) return;
        SecretRecord record;
        record.secret = Secret(std::string_view(secret.constData(), static_cast<std::size_t>(secret.size())));
        record.allowedOrigins = {QStringLiteral("https://api.example.com")};
        secrets.records[profile.id] = std::move(record);
    }

    /// Whether the secrets of both profiles that have one are read.
    bool ready() const {
        for (const char* id : {"reader", "key"}) {
            const ProfileState* state = session->state(QLatin1String(id));
            if (!state || state->loading != ProfileState::Loading::Done) return false;
        }
        return true;
    }
};

} // namespace kb::test
