// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QUrlQuery>
#include <QtTest>

/// Somebody at a browser of their own: keeps cookies, follows redirects, fills forms in and sends them.
class Human {
public:
    explicit Human(const QString& name) : m_name(name) {}

    /// Opens an address and answers every form until a page has none. False if it does not come to an end.
    bool goThrough(const QUrl& start) {
        QUrl url = start;
        QByteArray form;
        bool posts = false;
        for (int page = 0; page < 12; ++page) {
            const QString html = fetch(url, posts, form);
            const QRegularExpressionMatch found =
                QRegularExpression(QStringLiteral("<form[^>]*>.*?</form>"),
                                   QRegularExpression::DotMatchesEverythingOption)
                    .match(html);
            if (!found.hasMatch()) {
                lastPage = html;
                return true;
            }
            form = filledIn(found.captured());
            const QRegularExpressionMatch action =
                QRegularExpression(QStringLiteral("action=\"([^\"]*)\"")).match(found.captured());
            url = m_at.resolved(QUrl(unescaped(action.captured(1))));
            posts = true;
        }
        return false;
    }
    QString lastPage;

private:
    static QString unescaped(QString text) {
        return text.replace(QStringLiteral("&amp;"), QStringLiteral("&"));
    }

    QString fetch(const QUrl& url, bool posts, const QByteArray& form) {
        QNetworkRequest request(url);
        request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                             QNetworkRequest::NoLessSafeRedirectPolicy);
        request.setHeader(QNetworkRequest::ContentTypeHeader,
                          QStringLiteral("application/x-www-form-urlencoded"));
        QNetworkReply* reply = posts ? m_browser.post(request, form) : m_browser.get(request);
        const bool ended = QTest::qWaitFor([reply] { return reply->isFinished(); }, 30000);
        m_at = reply->url();
        const QString html = QString::fromUtf8(reply->readAll());
        reply->deleteLater();
        return ended ? html : QString();
    }

    QByteArray filledIn(const QString& form) const {
        QUrlQuery query;
        QRegularExpressionMatchIterator inputs =
            QRegularExpression(QStringLiteral("<input([^>]*)>")).globalMatch(form);
        while (inputs.hasNext()) {
            const QString input = inputs.next().captured(1);
            const auto of = [&input](const char* what) {
                return unescaped(
                    QRegularExpression(QStringLiteral("\\b%1=\"([^\"]*)\"").arg(QLatin1String(what)))
                        .match(input)
                        .captured(1));
            };
            const QString name = of("name");
            if (name.isEmpty()) continue;
            const bool typed = name == QLatin1String("login") || name == QLatin1String("password");
            query.addQueryItem(name,
                               QString::fromLatin1(QUrl::toPercentEncoding(typed ? m_name : of("value"))));
        }
        return query.query(QUrl::FullyEncoded).toLatin1();
    }

    QString m_name;
    QNetworkAccessManager m_browser;
    QUrl m_at;
};
