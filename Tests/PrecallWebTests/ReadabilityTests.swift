import Foundation
import PrecallTestSupport
import PrecallWeb
import Testing

/// Plain words: what clients read is understood by a child of twelve, of grade 6 (in English by Flesch and
/// Kincaid, in Spanish by INFLESZ).
@Suite struct ReadabilityTests {
  /// What is read in one go, by its name.
  private static func passages(in language: String) throws -> [(name: String, words: String)] {
    let check = try read("locales/\(language).json", as: Check.self)
    let room = try read("room/locales/\(language).json", as: [String: String].self)
    return check.page.map { ($0, $1) } + check.steps.map { ($0, $1.joined(separator: " ")) }
      + check.findings.map { ($0, "\($1.sentence) \($1.remedy)") } + room.map { ("room \($0)", $1) }
  }

  private struct Check: Decodable {
    struct Finding: Decodable { var sentence, remedy: String }
    var page: [String: String]
    var steps: [String: [String]]
    var findings: [String: Finding]
  }

  private static func read<Value: Decodable>(_ file: String, as type: Value.Type) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(contentsOf: assets.appending(path: file)))
  }

  @Test func `what clients read is of grade 6 at most, and no passage is much harder`() throws {
    // Of a few words there is no grade.
    let passages = try Self.passages(in: "en").filter { Readability(of: $0.words).words >= 8 }
    #expect(passages.count > 100)
    let grades = passages.map { (grade: Readability(of: $0.words).grade, passage: $0) }
    let mean = grades.reduce(0) { $0 + $1.grade } / Double(grades.count)
    #expect(mean <= 6, "\(mean)")
    let hard = grades.filter { $0.grade > 8 }
    #expect(hard.isEmpty, "\(hard.map { "\($0.passage.name): \($0.grade), \($0.passage.words)" })")
  }

  @Test func `in Spanish it is rather easy in the mean, and no passage is harder than normal`() throws {
    let passages = try Self.passages(in: "es").filter { SpanishReadability(of: $0.words).words >= 8 }
    #expect(passages.count > 100)
    let scores = passages.map { (ease: SpanishReadability(of: $0.words).ease, passage: $0) }
    let mean = scores.reduce(0) { $0 + $1.ease } / Double(scores.count)
    #expect(mean >= SpanishReadability.primarySchool, "\(mean)")
    let hard = scores.filter { $0.ease < SpanishReadability.secondarySchool }
    #expect(hard.isEmpty, "\(hard.map { "\($0.passage.name): \($0.ease), \($0.passage.words)" })")
  }

  @Test func `the Spanish score is the one that counting by hand gives`() {
    // 9 words, 2 sentences, 14 syllables.
    let easy = SpanishReadability(of: "El gato come pan. Luego sale a la calle.")
    #expect(abs(easy.ease - 105.42) < 0.05)
    let hard =
      "Las consideraciones infraestructurales telecomunicativas necesitan evaluaciones metodológicas."
    #expect(SpanishReadability(of: hard).ease < 0)
    for (word, count) in [
      ("cámara", 3), ("micrófono", 4), ("tiene", 2), ("ciudad", 2), ("día", 2), ("país", 2), ("leer", 2),
      ("que", 1), ("guerra", 2), ("pingüino", 3), ("hay", 1), ("y", 1), ("mayo", 2), ("aéreo", 4),
    ] {
      #expect(SpanishReadability(of: word).syllables == count, "\(word)")
    }
  }

  @Test func `the grade is the one that counting by hand gives`() {
    // 13 words, 2 sentences, 13 syllables.
    #expect(abs(Readability(of: "The cat sat on the mat. It was a good day for him.").grade - -1.25) < 0.05)
    let hard =
      "Telecommunication infrastructure considerations necessitate comprehensive evaluation methodologies."
    #expect(Readability(of: hard).grade > 20)
    for (word, count) in [
      ("make", 1), ("little", 2), ("camera", 3), ("microphone", 3), ("started", 2), ("closed", 1),
      ("pages", 2),
      ("internet", 3), ("you", 1), ("again", 2), ("minute", 2), ("use", 1), ("provider", 3),
    ] {
      #expect(Readability(of: word).syllables == count, "\(word)")
    }
  }
}

/// The reading grade of Flesch and Kincaid (1975): 0.39 words a sentence and 11.8 syllables a word, less 15.59.
struct Readability {
  private(set) var words = 0
  private(set) var syllables = 0
  private var sentences = 0

  init(of text: String) {
    // What will stand for a name is read as one.
    let text = text.replacing(/\{\w+\}/, with: "Ana")
    sentences = text.split(separator: /[.!?:;…]+(?:”|\s|$)/).count { $0.contains(/[A-Za-z]/) }
    for match in text.matches(of: /[A-Za-z][A-Za-z’']*/) {
      words += 1
      syllables += Self.syllables(of: match.output.lowercased())
    }
  }

  var grade: Double {
    guard words > 0 else { return 0 }
    return 0.39 * Double(words) / Double(max(1, sentences)) + 11.8 * Double(syllables) / Double(words) - 15.59
  }

  /// Groups of vowels, less those endings that are not spoken: of "make", "closed" and "times", not of "little".
  private static func syllables(of word: String) -> Int {
    var letters = word.replacing(/[’']s$/, with: "").filter(\.isLetter)
    if letters.contains(/[^aeiouytd]ed$/) || letters.contains(/[^aeiouysxzcgh]es$/) {
      letters.removeLast(2)
    } else if letters.contains(/e$/), !letters.contains(/[^aeiouy]le$/) {
      letters.removeLast()
    }
    return max(1, letters.matches(of: /[aeiouy]+/).count)
  }
}

/// The ease of Szigriszt Pazos (Sistemas predictivos de legibilidad del mensaje escrito, 1993): 206.835, less
/// 62.3 syllables a word, less the words a sentence.
private struct SpanishReadability {
  /// From here on it is "rather easy" on the INFLESZ scale, what children read at primary school, which ends
  /// with grade 6 (Barrio-Cantalejo et al., Anales del Sistema Sanitario de Navarra 31(2), 2008).
  static let primarySchool = 65.0
  /// From here on it is "normal" there, of obligatory secondary school and newspapers.
  static let secondarySchool = 55.0

  private(set) var words = 0
  private(set) var syllables = 0
  private var sentences = 0

  init(of text: String) {
    let text = text.replacing(/\{\w+\}/, with: "Ana")
    sentences = text.split(separator: /[.!?:;…]+(?:”|\s|$)/).count { $0.contains(/[A-Za-z]/) }
    for match in text.matches(of: /[A-Za-zÁÉÍÓÚÜÑáéíóúüñ]+/) {
      words += 1
      syllables += Self.syllables(of: match.output.lowercased())
    }
  }

  var ease: Double {
    guard words > 0 else { return 0 }
    return 206.835 - 62.3 * Double(syllables) / Double(words) - Double(words) / Double(max(1, sentences))
  }

  /// Vowels, but those of a diphthong count once: two of which one is an i or u without an accent. Not spoken
  /// is the u of "que" and "guerra".
  private static func syllables(of word: String) -> Int {
    let letters = word.replacing(/y$/, with: "i").replacing(/([qg])u([eiéí])/) { "\($0.1)\($0.2)" }
    var (count, previous) = (0, Character(" "))
    for letter in letters {
      defer { previous = letter }
      guard "aeiouáéíóúü".contains(letter) else { continue }
      let isApart = "aeoáéíóú".contains(previous) && "aeoáéíóú".contains(letter)
      if isApart || !"aeiouáéíóúü".contains(previous) { count += 1 }
    }
    return max(1, count)
  }
}
