/// Moments as RFC 3339 text in UTC, without a calendar library.
package enum Timestamp {
  /// `2026-11-23T21:40:33Z` for seconds since 1970.
  package static func text(of seconds: Int64) -> Text {
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let time = seconds - days * 86_400
    let (year, month, day) = civil(fromDays: days)
    var text: Text = []
    pad(year, 4, to: &text)
    text.append(UInt8(ascii: "-"))
    pad(month, 2, to: &text)
    text.append(UInt8(ascii: "-"))
    pad(day, 2, to: &text)
    text.append(UInt8(ascii: "T"))
    pad(time / 3_600, 2, to: &text)
    text.append(UInt8(ascii: ":"))
    pad(time / 60 % 60, 2, to: &text)
    text.append(UInt8(ascii: ":"))
    pad(time % 60, 2, to: &text)
    text.append(UInt8(ascii: "Z"))
    return text
  }

  /// Seconds since 1970 of what `text(of:)` writes; nothing for any other text.
  package static func seconds(of text: Text) -> Int64? {
    guard text.count == 20, text[10] == UInt8(ascii: "T"), text[19] == UInt8(ascii: "Z") else { return nil }
    guard let year = number(text[0..<4]), let month = number(text[5..<7]), let day = number(text[8..<10]),
      let hour = number(text[11..<13]), let minute = number(text[14..<16]), let second = number(text[17..<19])
    else { return nil }
    guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61 else {
      return nil
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
    return Timestamp.text(of: seconds) == text ? seconds : nil
  }

  /// Howard Hinnant's days-from-civil and its inverse: the proleptic Gregorian calendar in whole numbers.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func civil(fromDays days: Int64) -> (Int64, Int64, Int64) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    let month = part < 10 ? part + 3 : part - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
  }

  private static func pad(_ value: Int64, _ width: Int, to text: inout Text) {
    var digits: Text = []
    digits.append(decimal: value)
    for _ in 0..<max(0, width - digits.count) { text.append(UInt8(ascii: "0")) }
    text += digits
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    return value
  }
}
