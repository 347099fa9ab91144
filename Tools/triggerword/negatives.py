"""Makes six hours of sound that does not hold the phrase, to count false accepts in: recorded prompts, synthesised speech of voices that are not trained on, noise, music.

usage: negatives.py TEXT FOLDER [--hours 6.2]
       negatives.py --training-music FOLDER [--hours 0.5]    other pieces of music than these, to learn from

TEXT is a plain text that is read aloud; lines with the phrase must not be in it. Needs numpy and music21 (pip) and Debian's espeak-ng, festival, festvox-kdlpc16k, fluidsynth,
fluid-soundfont-gm, asterisk-core-sounds-en-wav, asterisk-core-sounds-it-wav, asterisk-prompt-it-menardi-wav. All WAV, 16 kHz, one channel, about ten minutes a file.
"""
import argparse
import glob
import os
import subprocess
import sys
import tempfile
import wave

import numpy as np

RATE = 16000
# The speakers that training leaves out: see make-activate.
ESPEAK = ["grandma", "Andrea", "max", "Denis", "m5", "f4", "Lee", "steph3"]
PART = 600  # seconds a file


def read(path):
    """A WAV file of 16 bits as floats at RATE, mixed to one channel."""
    with wave.open(path) as file:
        rate, channels = file.getframerate(), file.getnchannels()
        if file.getsampwidth() != 2:
            return np.zeros(0, np.float32)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
    samples = samples.reshape(-1, channels).mean(1)
    if rate == RATE or not len(samples):
        return samples
    # By its spectrum: what lies above the new rate's half is cut off.
    count = round(len(samples) * RATE / rate)
    spectrum = np.fft.rfft(samples)
    bins = count // 2 + 1
    spectrum = spectrum[:bins] if len(spectrum) > bins else np.pad(spectrum, (0, bins - len(spectrum)))
    return (np.fft.irfft(spectrum, count) * count / len(samples)).astype(np.float32)


def write(path, samples):
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def collect(folder, name, pieces, seconds):
    """Writes pieces one after the other, a fifth of a second apart, until there are enough; returns how much there was."""
    os.makedirs(folder, exist_ok=True)
    gap, number, total, part = np.zeros(RATE // 5, np.float32), 0, 0, []
    for piece in pieces:
        part += [piece, gap]
        total += len(piece) + len(gap)
        if sum(map(len, part)) >= PART * RATE or total >= seconds * RATE:
            write(f"{folder}/{name}-{number:02}.wav", np.concatenate(part))
            number, part = number + 1, []
        if total >= seconds * RATE:
            break
    if part:
        write(f"{folder}/{name}-{number:02}.wav", np.concatenate(part))
    print(f"{name}: {total / RATE / 3600:.2f} h", flush=True)


def prompts():
    base = "/usr/share/asterisk/sounds"
    for path in sorted(glob.glob(f"{base}/en_US_f_Allison/**/*.wav", recursive=True) + glob.glob(f"{base}/it_IT*/**/*.wav", recursive=True)):
        if "activat" not in os.path.basename(path):
            yield read(path)


def lines(path):
    """The text in pieces of some hundred letters."""
    with open(path) as file:
        words = [word for word in file.read().replace("\n", " ").split(" ") if word]
    for first in range(0, len(words), 30):
        piece = " ".join(words[first : first + 30])
        if "activat" not in piece.lower():
            yield piece


def espeak(text):
    with tempfile.TemporaryDirectory() as scratch:
        for number, piece in enumerate(lines(text)):
            voice = ["en-us", "en-gb", "en-gb-scotland"][number % 3] + "+" + ESPEAK[number % len(ESPEAK)]
            subprocess.run(["espeak-ng", "-v", voice, "-s", str(140 + number * 37 % 70), "-w", f"{scratch}/a.wav", "--", piece], check=True)
            yield read(f"{scratch}/a.wav")


def festival(text):
    pieces = list(lines(text))[::-1]
    with tempfile.TemporaryDirectory() as scratch:
        for first in range(0, len(pieces), 40):
            script = "(voice_ked_diphone)\n"
            for number, piece in enumerate(pieces[first : first + 40]):
                said = "".join(letter for letter in piece if letter.isalnum() or letter in " ,.'")
                script += f'(utt.save.wave (utt.synth (Utterance Text "{said}")) "{scratch}/{number}.wav" \'riff)\n'
            subprocess.run(["festival", "--pipe"], input=script.encode(), check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for path in sorted(glob.glob(f"{scratch}/*.wav")):
                yield read(path)
                os.remove(path)


def noise():
    random = np.random.default_rng(5)
    while True:
        count = 30 * RATE
        spectrum = np.fft.rfft(random.standard_normal(count))
        spectrum[1:] /= np.arange(1, len(spectrum)) ** random.choice([0, 0.25, 0.5, 0.75, 1])
        samples = np.fft.irfft(spectrum, count)
        # It swells and fades, and sometimes hums or knocks.
        swell = np.interp(np.arange(count), np.linspace(0, count, 12), random.uniform(0.2, 1, 12))
        samples *= swell / np.abs(samples).max()
        if random.random() < 0.4:
            samples += 0.2 * np.sin(2 * np.pi * random.uniform(50, 900) * np.arange(count) / RATE)
        for place in random.integers(0, count - 800, int(random.integers(0, 30))):
            samples[place : place + 800] += random.uniform(0.1, 0.8) * random.standard_normal(800) * np.exp(-np.arange(800) / 150)
        yield (samples * random.uniform(0.02, 0.5)).astype(np.float32)


def music(first=0):
    import music21

    programs = [0, 6, 19, 24, 40, 48, 52, 56, 68, 73]
    with tempfile.TemporaryDirectory() as scratch:
        for number, path in enumerate(music21.corpus.getComposer("bach")[first::3]):
            try:
                score = music21.converter.parse(path)
                for part in score.parts:
                    for old in list(part.recurse().getElementsByClass(music21.instrument.Instrument)):
                        old.activeSite.remove(old)
                    sound = music21.instrument.Instrument()
                    sound.midiProgram = programs[number % len(programs)]
                    part.insert(0, sound)
                score.write("midi", f"{scratch}/a.mid")
            except Exception as error:  # a score that the converter cannot write
                print(f"{path}: {error}"[:200], file=sys.stderr)
                continue
            subprocess.run(
                ["fluidsynth", "-ni", "-q", "-r", "44100", "-F", f"{scratch}/a.wav", "/usr/share/sounds/sf2/FluidR3_GM.sf2", f"{scratch}/a.mid"], check=True,
                stdout=subprocess.DEVNULL)
            samples = read(f"{scratch}/a.wav")
            yield samples * (0.5 / max(np.abs(samples).max(), 1e-6))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("text", nargs="?")
    parser.add_argument("folder")
    parser.add_argument("--training-music", action="store_true")
    parser.add_argument("--hours", type=float, default=6.2)
    options = parser.parse_args()
    if options.training_music:
        return collect(options.folder, "music", music(1), options.hours * 3600)
    part = options.hours * 3600 / 6.2
    collect(options.folder, "prompts", prompts(), 1.2 * part)
    collect(options.folder, "espeak", espeak(options.text), 1.5 * part)
    collect(options.folder, "festival", festival(options.text), 1.0 * part)
    collect(options.folder, "noise", noise(), 1.0 * part)
    collect(options.folder, "music", music(), 1.5 * part)


main()
