"""Dumps what the C++ tokenizer is held to, from Hugging Face's BertTokenizer.

    python tools/golden_tokenizer.py MODEL_DIR   # MODEL_DIR holds the uncased BERT vocab.txt

writes tests/golden/tokenizer/{vocab.txt,cases.json,code_points.json} and
src/text/reference_unicode_tables.inc. Versions: transformers 5.23.0, tokenizers 0.23.3,
regex 2026.11.15, libutf8proc 2.8.0 (Unicode 15).
"""

import ctypes
import json
import pathlib
import random
import sys

import regex
from tokenizers import normalizers, pre_tokenizers
from transformers import BertTokenizer

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden" / "tokenizer"
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
BLOCK = 0x1000  # code points behind one hash of code_points.json
# Decompositions that Unicode 16 added; the reference's tables are older.
DECOMPOSED_SINCE_16 = [0x105C9, 0x105E4, 0x11383, 0x11385, 0x1138E, 0x11391, 0x113C5, 0x113C7,
                       0x113C8, *range(0x16121, 0x16129), *range(0x16D68, 0x16D6B)]

CONFIGS = [
    {"do_lower_case": True, "strip_accents": None, "tokenize_chinese_chars": True},
    {"do_lower_case": False, "strip_accents": None, "tokenize_chinese_chars": True},
    {"do_lower_case": True, "strip_accents": False, "tokenize_chinese_chars": False},
    {"do_lower_case": False, "strip_accents": True, "tokenize_chinese_chars": True},
]


def utf8proc_tables():
    """Category, lower case and canonical decomposition of each code point in utf8proc."""
    library = ctypes.CDLL("libutf8proc.so.2")
    library.utf8proc_category_string.restype = ctypes.c_char_p
    parts = (ctypes.c_int32 * 16)()
    boundary = ctypes.c_int(0)
    tables = {}
    for code in CODE_POINTS:
        count = library.utf8proc_decompose_char(code, parts, ctypes.c_ssize_t(16), 1 << 4,
                                                ctypes.byref(boundary))
        tables[code] = (library.utf8proc_category_string(code).decode(),
                        library.utf8proc_tolower(code), tuple(parts[:count]))
    return tables


def ranges(codes):
    out = []
    for code in sorted(codes):
        if out and out[-1][1] == code - 1:
            out[-1][1] = code
        else:
            out.append([code, code])
    return out


def write_tables():
    """Where the reference's Unicode tables differ from those of utf8proc 2.8 and of Unicode 17."""
    clean = normalizers.BertNormalizer(True, False, False, False).normalize_str
    strip = normalizers.BertNormalizer(False, False, True, False).normalize_str
    lower = normalizers.BertNormalizer(False, False, False, True).normalize_str
    nfd = normalizers.NFD().normalize_str
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    new = {name: regex.compile(pattern) for name, pattern in
           {"mark": r"\p{Mn}", "punctuation": r"\p{P}", "control": r"[\p{Cc}\p{Cf}\p{Co}]",
            "combining": r"\P{ccc=0}"}.items()}
    sets = {name: [] for name in ("Mark", "NotMark", "Punctuation", "NotPunctuation", "NotControl",
                                  "NotCombining", "NotDecomposed")}
    lowered = []
    for code, (category, lower_case, parts) in utf8proc_tables().items():
        if code < 0x80:
            continue
        char = chr(code)

        def differs(name, reference, ours, theirs):
            if reference and not (ours and theirs):
                sets[name].append(code)
            if not reference and (ours or theirs):
                sets["Not" + name].append(code)

        differs("Mark", strip(char) == "", category == "Mn", bool(new["mark"].match(char)))
        differs("Punctuation", len(split("a" + char + "b")) == 3, category[0] == "P",
                bool(new["punctuation"].match(char)))
        if code != 0xFFFD:
            differs("Control", clean(char) == "", category in ("Cc", "Cf", "Co"),
                    bool(new["control"].match(char)))
        decomposed = nfd(char) != char
        if not decomposed and new["combining"].match(char):
            # Class 1 sorts before every other class, 240 behind: one of the two orders tells.
            if nfd(char + "\u0334") == char + "\u0334" and nfd("\u0345" + char) == "\u0345" + char:
                if char not in "\u0334\u0345":
                    sets["NotCombining"].append(code)
        if not decomposed and (parts != (code,) or code in DECOMPOSED_SINCE_16):
            sets["NotDecomposed"].append(code)
        reference = lower(char)
        if reference != chr(lower_case) and len(reference) == 1:
            if lowered and lowered[-1][1] == code - 1 and lowered[-1][2] == ord(reference) - code:
                lowered[-1][1] = code
            else:
                lowered.append([code, code, ord(reference) - code])
    with open(ROOT / "src/text/reference_unicode_tables.inc", "w") as file:
        file.write("// Made by tools/golden_tokenizer.py; do not edit. Ranges of code points, ends "
                   "included.\n// clang-format off\n")
        for name, codes in sets.items():
            file.write(f"constexpr Range k{name}[] = {{\n")
            write_rows(file, ["{0x%X,0x%X}" % tuple(r) for r in ranges(codes)])
        file.write("constexpr Shift kLower[] = {\n")
        write_rows(file, ["{0x%X,0x%X,%d}" % tuple(r) for r in lowered])
        file.write("// clang-format on\n")


def write_rows(file, items):
    line = "   "
    for item in items:
        if len(line) + len(item) + 2 > 100:
            file.write(line + "\n")
            line = "   "
        line += " " + item + ","
    file.write(line + "\n};\n")


def hash_bytes(value, data):  # FNV-1a, 64 bits
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def write_code_points():
    """A hash for each block of code points over normalised text and words of "a" + c + "B"."""
    normalize = normalizers.BertNormalizer(True, True, None, True).normalize_str
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    hashes = []
    for start in range(0, 0x110000, BLOCK):
        value = 0xCBF29CE484222325
        for code in range(start, start + BLOCK):
            if 0xD800 <= code < 0xE000:
                continue
            text = normalize("a" + chr(code) + "B")
            line = text + "|" + "/".join(word for word, _ in split(text)) + "\n"
            value = hash_bytes(value, line.encode())
        hashes.append("%016x" % value)
    (GOLDEN / "code_points.json").write_text(json.dumps({"block": BLOCK, "hashes": hashes}, indent=0))


def fixed_cases():
    """Strings by hand, each kind of trouble at least once; bytes where UTF-8 is malformed."""
    texts = """What color is the man's t-shirt?|How many people are there?|Is this a dog or a cat?
a tri-colored dog runs, jumps & plays!|It's 10:30 p.m.; the temperature is -3.5°C|don't can't won't
HELLO World|ALL CAPS QUESTION?|x|?|...|!!!???|a.b,c;d|e-mail: a_b@c.org|http://a.org/?q=1&r=2#top
$5.99 + 20% = ?|<html> &amp; {x: [1,2]}|C:\\dir\\file|back`tick` ~tilde~ ^caret^|"quoted" 'single'
naïve café résumé|Ünïcödé àéîõü ÀÉÎÕÜ|Ångström Åse Å|İstanbul I ı i̇|straße STRASSE ẞ|ΟΔΟΣ ὈΔΥΣΣΕΎΣ ς
Łódź Øresund đ Đ ħ|Việt Nam tiếng Việt ơ ư Ơ Ư|Ǆ ǅ ǆ ﬁ ﬂ ﬀ Ⅷ ⅷ|Ⓐ ⓐ Ａｂｃ１２３|½ ² ³ ¹ ₂ ™ ℃ Ω K Å
Привет, мир! Ёлка Йод|Ћао свете|Հայերեն և|ქართული ᲥᲐᲠᲗᲣᲚᲘ|עברית שָׁלוֹם|العَرَبِيَّة ١٢٣ ؟|فارسی پ|हिन्दी नमस्ते|বাংলা কী
தமிழ்|ไทย สวัสดี|ລາວ|မြန်မာ|ខ្មែរ|አማርኛ|ᏣᎳᎩ ꭰ Ꭰ|한국어 한글 한|日本語 ひらがな カタカナ ｶﾀｶﾅ ガ が|中文字符 mixed英文
㐀㐁 𠀀𠀁 𪜀 𫝀 𫠠 𬺰 𰀀|豈更 神 丽|々〆〇 ー 、。「」|🐶 dog 😀😃 🏳️‍🌈|👨‍👩‍👧‍👦 family|👍🏽|🇩🇪 flag|1️⃣ #️⃣|☃ ☂ ♥ ♥️ ✓|→ ← ⇒ ∀x∈ℝ ≤ ≥ ≠ ∞
[MASK]|a [MASK] b|[SEP]|x[SEP]y|[CLS] [PAD] [UNK]|[mask]|[ MASK ]|[MASK|MASK]|[[MASK]]|[MASK][MASK]|[UNK]s|##ing|## # ###
the[SEP]|[MASK]é|É[CLS]É|[MÁSK]|[SEP ]|[sep]|[unused1]|[unused1] x|[PAD]ding|[UNK]|#|#x|##s ##|a##b"""
    cases = []
    for line in texts.split("\n"):
        cases += line.split("|")
    cases += ["", " ", "\t\n\r", " \u00a0 ", "a\tb\nc\rd", "a\u000bb\u000cc", "a\u001cb\u001db\u001eb",
              "a\u0085b", "a\u00a0b", "a\u1680b", "a\u2000b\u2009c\u200ad", "a\u2028b\u2029c", "a\u202fb",
              "a\u205fb", "a\u3000b", "a\u180eb", "a\u200bb", "a\u200cb\u200dc", "a\u2060b", "\ufeffa",
              "a\ufeffb", "a\u00adb", "a\u200eb\u200fc\u202ad\u202e", "a\u0000b", "\u0000", "a\ufffdb",
              "\ufffd", "a\u0007b\u007fc\u0080d", "\ue000a\uf8ff", "a\U000f0000b", "a\U000e0001b",
              "\ufffe\uffffa", "\U0010ffff", "\u0378 \u0379", "e\u0301", "\u0301", "\u0301a", "a \u0301 b",
              "q\u0307\u0323", "q\u0323\u0307", "\u1e9b\u0323", "a\u0345\u0301", "\u0344", "\u212b\u2126",
              "\uac00\uac01", "\u1100\u1161\u11a8", "o\u0308\u0304", "\u0f71\u0f72\u0f74", "\u0f73",
              "\U0001d15e\U0001d165\U0001d16d", "a\u034f\u0301", "\u302e\u302f\u302a", "[MA\u0000SK]",
              "[\u200bMASK]", "[MASK\u0301]", "\u0130", "\u0149", "\u01c4\u01f0", "\u1f88", "\u1e9e",
              "\u10a0\u1c90", "\uab70", "\U00010400", "\U0001e900", "\ua7ae\ua7b2", "\u2c2f",
              "\u1715\u0334", "\u1734", "\u166d", "\U000111c9", "\U0001171e", "\u0890", "\u08ca",
              "\u061d", "\u2e52x", "\U000110cd", "\U00013430", "\u1c89", "\ua7cb", "\ua7dc", "\U00010d50",
              "\U00016ea0", "\U00011938", "\U000105c9", "a" * 99, "a" * 100, "a" * 101, "b" * 1000,
              "\u00e9" * 100, "\u00e9" * 101, "e\u0301" * 101, "\u4e2d" * 120, "\uac00" * 34,
              "\U0001f600" * 100, "\U0001f600" * 101, "-" * 150, "a" * 60 + "-" + "a" * 60,
              "xqzjvk" * 10, "supercalifragilisticexpialidocious", "antidisestablishmentarianism",
              "dogs' bowl", "rock 'n' roll", "\u2018a\u2019 \u201cb\u201d \u2013 \u2014 \u2026 \u00bf\u00a1",
              "\u00ab\u00bb \u2039\u203a", "\u00a7 \u00b6 \u00b7 \u00b0 \u00a9 \u20ac \u00a3 \u00a5"]
    malformed = [b"a\xffb", b"\xff\xfe", b"\xc3", b"caf\xc3", b"\xe2\x82", b"\xe2\x82A", b"\xe2A\x82",
                 b"\xf0\x9f\x98", b"\xf0\x9f\x98 x", b"\xed\xa0\x80x", b"\xed\xb0\x80", b"\xc0\xafx",
                 b"\xc1\x81", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80",
                 b"\x80\xbf", b"a\x80 b", b"[MA\xffSK]", b"[MASK]\xff", b"\xff[SEP]", b"caf\xc3\xa9\xc3",
                 b"\xc3\xa9\xa9", b"dog\xe4\xb8\xad\xe4\xb8", b"\xfe\xfe\xff", b"\xf5x", b"\xef\xbf\xbd\xef\xbf"]
    return [c.encode() for c in cases] + malformed


def random_cases(count):
    rng = random.Random(7)
    words = ["dog", "Man's", "t-shirt", "caf\u00e9", "\u4e2d", "\U0001f600", "[MASK]", "\u0301", "\u0323",
             "\u200d", "\u00a0", "?", "-", "A", "\u0391\u03a3", "\u05e9\u05c1", "\u0000", "\u1100\u1161"]
    cases = []
    for _ in range(count):
        text = ""
        for _ in range(rng.randint(1, 8)):
            pick = rng.random()
            if pick < 0.5:
                text += rng.choice(words)
            elif pick < 0.8:
                text += chr(rng.choice([rng.randint(0x20, 0x24F), rng.randint(0x250, 0x33FF),
                                        rng.randint(0x10000, 0x1FFFF)]))
            else:
                text += " "
        cases.append(text.encode())
    return cases


def write_cases(model_dir):
    cases = fixed_cases() + random_cases(120)
    full = [line.rstrip("\n") for line in open(f"{model_dir}/vocab.txt", encoding="utf-8", newline="\n")]
    big = BertTokenizer.from_pretrained(model_dir)
    used = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}
    for case in cases:
        used.update(big.tokenize(case.decode(errors="replace")))
    # A small vocabulary in the original order: what the cases use, and every single character.
    vocabulary = [p for p in full if p in used or len(p) == 1 or (p.startswith("##") and len(p) == 3)]
    vocabulary += ["É", "##É", "ü", "café", "A", "##B", "naïve"]  # for the cased configurations
    vocabulary = list(dict.fromkeys(vocabulary))
    (GOLDEN / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8", newline="\n")
    groups = []
    for i, config in enumerate(CONFIGS):
        tokenizer = BertTokenizer(vocab={p: n for n, p in enumerate(vocabulary)}, **config)
        rows = []
        for case in cases if i == 0 else cases[:: 4]:
            text = case.decode(errors="replace")
            row = {"ids": tokenizer(text)["input_ids"]}
            try:
                row["text"] = case.decode()
            except UnicodeDecodeError:
                row["hex"] = case.hex()
            rows.append(json.dumps(row, separators=(",", ":")))
        groups.append('{"config":%s,"cases":[\n%s\n]}' % (json.dumps(config), ",\n".join(rows)))
    (GOLDEN / "cases.json").write_text("[" + ",\n".join(groups) + "]\n")


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    write_tables()
    write_code_points()
    write_cases(sys.argv[1])
