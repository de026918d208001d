"""The installed module, on the bundled model and the sample photos. Run by tests/python/python_test.sh,
which checks first that the module is not taken from the source tree."""

import concurrent.futures
import doctest
import math
import os
import pickle
import shutil
import tempfile
import threading
import time
import unittest
from pathlib import Path

import beholder
import beholder._engine
import beholder._images
import beholder._results

SAMPLES = Path("samples")


class Module(unittest.TestCase):
    model: beholder.Beholder

    @classmethod
    def setUpClass(cls) -> None:
        cls.model = beholder.Beholder.load()

    def test_every_kind_of_picture_gives_the_same_answer(self) -> None:
        import numpy
        from PIL import Image

        path = SAMPLES / "cat.jpg"
        question = "what is the cat doing?"
        expected = self.model.ask(path, question)
        for same in (str(path), path.read_bytes(), bytearray(path.read_bytes()), memoryview(path.read_bytes())):
            self.assertEqual(self.model.ask(same, question), expected)
        # Pillow's JPEG decoder differs from ours by a few levels, so a lossless file here.
        with Image.open(path) as image, tempfile.TemporaryDirectory() as folder:
            lossless = Path(folder) / "Kätzchen à 1.png"
            image.save(lossless)
            expected = self.model.ask(lossless, question)
            pixels = numpy.asarray(image)
            for same in (image, pixels, pixels[:, ::-1][:, ::-1], numpy.dstack([pixels, 255 + 0 * pixels[:, :, :1]])):
                self.assertEqual(self.model.ask(same, question), expected)
            with Image.open(lossless) as opened:
                self.assertEqual(self.model.ask(opened, question), expected)
            grey = numpy.asarray(image.convert("L"))
            self.assertEqual(self.model.ask(grey, question), self.model.ask(image.convert("L"), question))

    def test_a_pillow_image_is_turned_upright(self) -> None:
        from PIL import Image

        with Image.open(SAMPLES / "cat.jpg") as image:
            turned = image.transpose(Image.Transpose.ROTATE_90)
            exif = Image.Exif()
            exif[0x0112] = 6  # to be turned a quarter to the right
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "turned.png"
                turned.save(file, exif=exif)
                with Image.open(file) as opened:
                    self.assertEqual(self.model.encode(opened).width, image.width)
                    self.assertEqual(self.model.ask(opened, "what is it?"), self.model.ask(image, "what is it?"))

    def test_pillow_modes_keep_what_they_show(self) -> None:
        from PIL import Image

        from beholder._images import upright_rgb

        def first(image: Image.Image) -> object:
            return upright_rgb(image).getpixel((0, 0))

        for mode, value, grey in (("F", 0.5, 128), ("F", 128.0, 128), ("I", 200, 200), ("I", 40000, 156),
                                  ("I;16", 40000, 156), ("I;16", 65535, 255), ("1", 1, 255), ("La", (0, 128), 127)):
            self.assertEqual(first(Image.new(mode, (1, 1), value)), (grey,) * 3, mode)
        for mode, value in (("F", -1.0), ("F", 300.0), ("F", float("nan")), ("F", float("inf")), ("I", -5), ("I", 70000)):
            with self.assertRaisesRegex(beholder.UsageError, f"mode {mode} with values from"):
                upright_rgb(Image.new(mode, (2, 2), value))
        red = Image.new("RGBA", (1, 1), (200, 0, 0, 128))
        self.assertEqual(first(red), (227, 127, 127))
        self.assertEqual(first(red.convert("RGBa")), (227, 127, 127))
        for mode in ("CMYK", "YCbCr", "HSV"):
            shown = first(Image.new("RGB", (1, 1), (200, 60, 30)).convert(mode))
            self.assertLess(max(abs(a - b) for a, b in zip(shown, (200, 60, 30))), 4, mode)

    def test_profiles_are_applied_unless_told_not_to(self) -> None:
        from PIL import Image

        from beholder._images import upright_rgb

        folder = SAMPLES.parent / "tests/golden/pixels"
        self.assertTrue(self.model.info().color_management)
        self.assertFalse(beholder.Beholder.load(color_management=False).info().color_management)
        with Image.open(folder / "managed/rotated.png") as opened, Image.open(folder / "managed/rotated.png.ppm") as meant:
            self.assertEqual(upright_rgb(opened).tobytes(), meant.tobytes())
            self.assertEqual(upright_rgb(opened, False).tobytes(), opened.tobytes())
            self.assertEqual(self.model.encode(folder / "managed/rotated.png").pixels().tobytes(), meant.tobytes())
            opened.info["icc_profile"] = b"damaged"
            self.assertEqual(upright_rgb(opened).tobytes(), opened.tobytes())
        for name in ("srgb.png", "srgb_table.png"):
            with Image.open(folder / name) as opened:
                self.assertEqual(upright_rgb(opened).tobytes(), opened.tobytes())

    def test_answers(self) -> None:
        picture = self.model.encode(SAMPLES / "cat.jpg")
        best = self.model.ask(picture, "what is the cat doing?", top_k=3)
        self.assertEqual(len(best.top_k), 3)
        self.assertEqual(sorted(best.top_k, key=lambda g: -g.probability), list(best.top_k))
        never = self.model.ask(picture, "what is the cat doing?", min_confidence=0)
        always = self.model.ask(picture, "what is the cat doing?", min_confidence=1)
        self.assertEqual((never.text, never.abstained), (never.top_k[0].answer, False))
        self.assertEqual((str(always), always.abstained), (beholder.ABSTENTION, True))
        chosen = self.model.ask(picture, "which animal is it?", choices=["cat", "car"], min_confidence=0)
        self.assertIn(chosen.text, ("cat", "car"))
        self.assertIn("which animal", chosen._repr_html_())
        self.assertEqual(best.method, "direct")
        without = self.model.ask(None, "is there a cat?")
        self.assertEqual(without.timing.vision, 0)
        self.assertEqual(self.model.ask(picture, []), [])

    def test_many_at_once_are_as_one_by_one(self) -> None:
        paths = sorted(SAMPLES.glob("*.jpg"))
        questions = ["is there a dog?", "how many people are there?"]
        pairs = [(path, question) for path in paths for question in questions]
        together = self.model.ask_many(pairs)
        self.assertEqual([a.text for a in together], [self.model.ask(*pair).text for pair in pairs])
        described = self.model.describe_many(paths)
        self.assertEqual([d[0].text for d in described], [self.model.describe(path)[0].text for path in paths])

    def test_descriptions(self) -> None:
        found = self.model.describe(SAMPLES / "coffee.jpg", num=3)
        self.assertEqual(len({one.guess for one in found}), 3)
        pieces: list[str] = []
        whole = self.model.describe(SAMPLES / "coffee.jpg", num_beams=1, min_confidence=0,
                                    on_text=lambda piece: pieces.append(piece))
        self.assertEqual("".join(pieces), whole[0].text)
        self.assertGreater(len(pieces), 1)
        with self.assertRaises(beholder.CancelledError):
            self.model.describe(SAMPLES / "coffee.jpg", num_beams=1, on_text=lambda piece: False)
        with self.assertRaises(ZeroDivisionError):
            self.model.describe(SAMPLES / "coffee.jpg", num_beams=1, on_text=lambda piece: 1 / 0 > 0)
        sampled = [self.model.describe(SAMPLES / "coffee.jpg", temperature=1.0, seed=s)[0].guess for s in (1, 1, 2)]
        self.assertEqual(sampled[0], sampled[1])

    def test_doubtful_descriptions(self) -> None:
        from PIL import Image

        blank = Image.new("RGB", (320, 240), "black")
        unsure = self.model.describe(blank, num=2, prefix="sks, ")
        self.assertEqual(len(unsure), 2)
        for one in unsure:
            self.assertTrue(one.abstained)
            self.assertEqual(str(one), beholder.UNSURE)
            self.assertLess(one.confidence, self.model.info().default_min_description_confidence)
            self.assertAlmostEqual(one.confidence, sum(word.probability for word in one.words) / len(one.words))
            self.assertIn(one.guess, one._repr_html_())
        given = self.model.describe_many([blank], num=2, prefix="sks, ", min_confidence=0)[0]
        self.assertEqual([one.text for one in given], ["sks, " + one.guess for one in unsure])
        self.assertFalse(any(one.abstained for one in given))
        pieces: list[str] = []
        self.model.describe(blank, on_text=lambda piece: pieces.append(piece))
        self.assertEqual(pieces, [beholder.UNSURE])
        scene = self.model.describe(SAMPLES / "scene.png")[0]
        self.assertFalse(scene.abstained)
        self.assertGreater(scene.confidence, 0.5)
        with self.assertRaises(beholder.UsageError):
            self.model.describe(blank, min_confidence=-0.5)

    def test_rules_of_descriptions(self) -> None:
        one = self.model.describe(SAMPLES / "coffee.jpg", prefix="sks, ", suffix=".", max_words=4, min_confidence=0)[0].text
        self.assertTrue(one.startswith("sks, ") and one.endswith("."), one)
        self.assertLessEqual(len(one.split()), 5)
        many = self.model.describe_many([SAMPLES / "coffee.jpg"], min_words=9, no_repeat_ngram=2, repetition_penalty=1.2)
        self.assertGreaterEqual(len(many[0][0].guess.split()), 9)
        for wrong in ({"min_words": 3, "max_words": 2}, {"no_repeat_ngram": -1}, {"repetition_penalty": 0.0}):
            with self.assertRaises(beholder.UsageError):
                self.model.describe(SAMPLES / "coffee.jpg", **wrong)

    def test_scores_and_embeddings(self) -> None:
        right = self.model.score(SAMPLES / "cat.jpg", "a cat is lying down")
        wrong = self.model.score(SAMPLES / "cat.jpg", "two men are playing football on a field")
        self.assertGreater(right.probability, wrong.probability)
        yes = self.model.score(SAMPLES / "cat.jpg", "yes", question="is there a cat?")
        no = self.model.score(SAMPLES / "cat.jpg", "no", question="is there a cat?")
        self.assertGreater(yes.log_probability, no.log_probability)
        for vector in (self.model.embed(SAMPLES / "cat.jpg"), self.model.embed_text("a cat")):
            self.assertAlmostEqual(math.fsum(v * v for v in vector), 1, places=4)

    def test_published_models_match_and_describe(self) -> None:
        blip = SAMPLES.parent / "tests/golden/blip"
        matcher = beholder.Beholder.load(blip / "itm")
        self.assertIn("match", matcher.info().skills)
        match = matcher.match(blip / "wide.png", "two cats on a table.")
        self.assertTrue(0 <= match.probability <= 1 and -1 <= match.cosine <= 1)
        with self.assertRaises(beholder.UnsupportedError):
            self.model.match(SAMPLES / "cat.jpg", "a cat")
        captioner = beholder.Beholder.load(blip / "caption")
        said = captioner.describe(blip / "wide.png", prompt="the dog is", num_beams=1)[0].text
        self.assertTrue(said.startswith("the dog is"), said)

    def test_errors_are_typed_and_say_what_to_do(self) -> None:
        import numpy

        with self.assertRaisesRegex(beholder.MissingFileError, "none.jpg") as caught:
            self.model.encode("none.jpg")
        self.assertEqual(caught.exception.code, "file_not_found")
        self.assertIsInstance(caught.exception, FileNotFoundError)
        again = pickle.loads(pickle.dumps(caught.exception))
        self.assertEqual((again.code, str(again)), ("file_not_found", str(caught.exception)))
        with self.assertRaises(beholder.PictureError) as picture:
            self.model.encode(b"not a picture")
        self.assertEqual(picture.exception.code, "picture_format")
        with self.assertRaises(beholder.PictureError):
            self.model.encode((SAMPLES / "cat.jpg").read_bytes()[:2000])
        for wrong in (numpy.zeros((4, 4)), numpy.zeros((4, 4, 2), "uint8"), numpy.zeros((0, 4, 3), "uint8"), 7, None):
            with self.assertRaises(beholder.UsageError):
                self.model.encode(wrong)  # type: ignore[arg-type]
        with self.assertRaises(beholder.UsageError):
            self.model.ask(SAMPLES / "cat.jpg", "")
        with self.assertRaises(beholder.UsageError):
            self.model.ask(SAMPLES / "cat.jpg", "is it?", min_confidence=-1)
        with self.assertRaises(beholder.UsageError):
            self.model.ask(SAMPLES / "cat.jpg", "is it?", top_k=0)
        with self.assertRaises(beholder.MissingFileError):
            beholder.Beholder.load("no/such/model")
        for skill, call in (("objects", self.model.objects), ("relations", self.model.relations)):
            if not self.model.can(skill):
                with self.assertRaises(beholder.UnsupportedError):
                    call(SAMPLES / "cat.jpg")
        if not self.model.can("explain"):
            with self.assertRaises(beholder.UnsupportedError):
                self.model.explain(SAMPLES / "cat.jpg", "is there a cat?")

    def test_reading(self) -> None:
        receipt = SAMPLES.parent / "tests" / "golden" / "reading" / "receipt.png"
        found = self.model.read(receipt)
        self.assertEqual(str(found).splitlines()[0], "CORNER STORE")
        self.assertAlmostEqual(found[0].box.left, 62, delta=4)
        self.assertEqual(len(found[0].corners), 4)
        self.assertGreater(found[0].confidence, 0.9)
        answer = self.model.ask(receipt, "what is the total?")
        self.assertEqual((answer.text, answer.method), ("5.55", "read"))

    def test_why_no_program_came_to_its_end(self) -> None:
        found = self.model.explain(SAMPLES / "scene.png", "what size is the yellow cube?")
        self.assertIn("yellow cube", found.failure)
        self.assertIn("no program came to an end", str(found))
        counted = self.model.explain(SAMPLES / "scene.png", "how many cubes are there?")
        self.assertEqual((counted.failure, counted.answer.method), ("", "program"))
        self.assertEqual(counted.steps[-1].value, counted.answer.text)
        self.assertIn("count", counted.program)

    def test_a_name_that_is_not_utf8(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            name = os.path.join(os.fsencode(folder), b"caf\xe9.jpg")
            shutil.copy(SAMPLES / "cat.jpg", name)
            self.assertEqual(self.model.ask(os.fsdecode(name), "is there a cat?").text, "yes")
            with self.assertRaises(beholder.MissingFileError):
                self.model.encode(os.fsdecode(name) + "x")

    def test_threads(self) -> None:
        paths = sorted(SAMPLES.glob("*.jpg")) * 3
        expected = [self.model.describe(path)[0].text for path in paths]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            self.assertEqual(list(pool.map(lambda path: self.model.describe(path)[0].text, paths)), expected)

    def test_other_threads_run_while_the_engine_works(self) -> None:
        slow = beholder.Beholder.load(cache_bytes=0)
        ticks = 0
        done = threading.Event()

        def tick() -> None:
            nonlocal ticks
            while not done.is_set():
                ticks += 1
                time.sleep(0.001)

        thread = threading.Thread(target=tick)
        thread.start()
        before = ticks
        slow.describe_many(sorted(SAMPLES.glob("*.jpg")))
        after = ticks
        done.set()
        thread.join()
        # With the lock held, one tick at most would fit between the calls into the engine.
        self.assertGreater(after - before, 40)

    def test_cancel(self) -> None:
        cancel = beholder.Cancel()
        cancel.set()
        with self.assertRaises(beholder.CancelledError):
            self.model.describe(SAMPLES / "cat.jpg", cancel=cancel)
        cancel.clear()
        self.assertTrue(self.model.describe(SAMPLES / "cat.jpg", cancel=cancel))

    def test_heatmaps(self) -> None:
        picture = self.model.encode(SAMPLES / "cat.jpg")
        looked = self.model.heatmap(picture, "a cat sleeps")
        self.assertEqual([word for word, _ in looked.words], ["a", "cat", "sleeps"])
        self.assertEqual(len(looked.weights), looked.rows * looked.columns)
        self.assertAlmostEqual(math.fsum(looked.weights), 1, places=4)
        self.assertNotEqual(looked.word("cat").weights, looked.weights)
        with self.assertRaises(KeyError):
            looked.word("dog")
        png = self.model.heatmap(picture, "yes", question="is there a cat?")._repr_png_()
        assert png is not None
        self.assertTrue(png.startswith(b"\x89PNG"))
        with self.assertRaises(beholder.UsageError):
            self.model.heatmap(picture, "")

    def test_drawn_in_a_notebook(self) -> None:
        import io

        from PIL import Image

        picture = self.model.encode(SAMPLES / "cat.jpg")
        box = beholder.Box(20, 30, 120, 130)
        found = beholder.Objects([beholder.Object("cat", box, 0.9, ("grey",))])
        self.assertIsNone(found._repr_png_())
        found.picture = picture
        png = found._repr_png_()
        assert png is not None
        drawn, plain = Image.open(io.BytesIO(png)), picture.pixels()
        self.assertEqual(drawn.size, (picture.width, picture.height))
        self.assertNotEqual(drawn.getpixel((20, 80)), plain.getpixel((20, 80)))
        self.assertEqual(drawn.getpixel((200, 200)), plain.getpixel((200, 200)))
        relation = beholder.Relation(found[0], "on", beholder.Object("sofa", box, 0.5), 0.4)
        self.assertEqual(str(relation), "grey cat on sofa")
        self.assertTrue(picture._repr_png_().startswith(b"\x89PNG"))


def load_tests(loader: unittest.TestLoader, tests: unittest.TestSuite, pattern: object) -> unittest.TestSuite:
    for module in (beholder, beholder._engine, beholder._images, beholder._results):
        found = doctest.DocTestSuite(module)
        tests.addTests(found)
    return tests


if __name__ == "__main__":
    unittest.main()
