// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QJsonObject>
#include <QString>

namespace kb::practice {

/// The OpenAPI 3.1 document of routes(), with the server's own base URL.
QJsonObject openApiDocument(const QString& baseUrl);

} // namespace kb::practice
