// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <QString>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <vector>

namespace kb {

/// Secret bytes. Move-only, wiped when released, with no operator that prints, compares to text or converts,
/// so that every place where the bytes leave it says reveal in its code.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view bytes);
    /// Takes the bytes over and wipes the source.
    static Secret take(QByteArray& bytes);
    static Secret take(QString& text);
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    bool isEmpty() const { return m_bytes.empty(); }
    std::size_t size() const { return m_bytes.size(); }
    std::string_view reveal() const { return {m_bytes.data(), m_bytes.size()}; }
    Secret revealCopy() const { return Secret(reveal()); }
    bool equals(const Secret& other) const; ///< in constant time for equal lengths
    void wipe();

private:
    std::vector<char> m_bytes;
};

/// Overwrites and clears a buffer that held a secret; not optimised away. Detaches nothing: the caller owns
/// it alone.
void wipeBytes(QByteArray& bytes);
void wipeText(QString& text);
/// Overwrites a buffer in place under every owner it has: for one that a library still holds but needs no
/// more.
void wipeShared(const QByteArray& bytes);

} // namespace kb
