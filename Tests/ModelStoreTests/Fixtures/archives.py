"""Makes the packages that the tests of the model store pull: good ones, lacking ones and hostile ones. All content follows from the formula in `payload`."""
import bz2, gzip, io, lzma, os, stat, tarfile, zipfile


def payload(count, seed):
    state, out = seed, bytearray()
    for _ in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        out.append(state >> 24)
    return bytes(out)


def tar(path, members, mode="w:gz"):
    """members: name → bytes, or ("link" | "hard", target)"""
    with tarfile.open(path, mode) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, tuple):
                info.type = tarfile.SYMTYPE if content[0] == "link" else tarfile.LNKTYPE
                info.linkname = content[1]
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))


def deb(path, members):
    """An ar archive with debian-binary, control.tar.xz and data.tar.xz: deb(5)."""
    tar(path + ".control", [("./control", b"Package: demo\n")], "w:xz")
    tar(path + ".data", members, "w:xz")
    with open(path, "wb") as out:
        out.write(b"!<arch>\n")
        for name, content in [("debian-binary", b"2.0\n"), ("control.tar.xz", open(path + ".control", "rb").read()),
                              ("data.tar.xz", open(path + ".data", "rb").read())]:
            out.write(f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode() + content + b"\n" * (len(content) % 2))
    os.remove(path + ".control")
    os.remove(path + ".data")


def make(folder):
    def at(name):
        return os.path.join(folder, name)

    big, small = payload(200_000, 7), payload(1_000, 11)
    files = {"payload.bin": big, "small.cfg": small, "other.bin": payload(200_000, 8), "empty.bin": b"",
             "payload.bin.bz2": bz2.compress(big), "payload.bin.xz": lzma.compress(big), "payload.bin.gz": gzip.compress(big, mtime=0)}
    for name, content in files.items():
        with open(at(name), "wb") as file:
            file.write(content)

    with zipfile.ZipFile(at("demo_models-1.0-py3-none-any.whl"), "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr("demo_models/payload.bin", big)
        wheel.writestr("demo_models/small.cfg", small)
    tar(at("demo-models-0.9.tar.gz"), [("demo-models-0.9/demo_models/payload.bin", small)])
    tar(at("source.demo-2.0.tar.gz"), [("source.demo-2.0/setup.py", b"raise SystemExit(1)"), ("source.demo-2.0/models/payload.bin", big)])
    tar(at("lacking-1.0.tar.gz"), [("lacking-1.0/readme", b"nothing here")])
    tar(at("linked-1.0.tar.gz"), [("linked-1.0/payload.bin", ("link", "/etc/passwd")), ("linked-1.0/payload.bin", ("hard", "/etc/passwd"))])
    tar(at("hostile-1.0.tar.gz"), [("../../escaped.txt", b"out"), ("/tmp/percept-escaped.txt", b"out"), ("hostile-1.0/../../payload.bin", b"out"),
                                   ("hostile-1.0/payload.bin", big)])
    tar(at("oversize-1.0.tar.gz"), [("oversize-1.0/payload.bin", bytes(20_000_000))])
    tar(at("crowded-1.0.tar.gz"), [(f"crowded-1.0/{i}", b"") for i in range(2_000)] + [("crowded-1.0/payload.bin", big)])
    tar(at("bomb-1.0.tar.gz"), [("bomb-1.0/zeros", bytes(20_000_000)), ("bomb-1.0/payload.bin", big)])
    with open(at("source.demo-2.0.tar.gz"), "rb") as whole, open(at("broken-1.0.tar.gz"), "wb") as broken:
        broken.write(whole.read()[:100_000])
    with open(at("text-1.0.tar.gz"), "w") as text:
        text.write("this is not an archive\n" * 100)

    deb(at("demo_1.0_all.deb"), [("./usr/share/demo/small.cfg", small), ("./usr/share/demo/payload.bin", big)])
    with open(at("apt-get"), "w") as script:  # stands in for the real one
        script.write(f'#!/bin/sh\n[ "$3" = demo ] || {{ echo "E: Unable to locate package $3"; exit 100; }}\ncp "{at("demo_1.0_all.deb")}" .\n')
    os.chmod(at("apt-get"), stat.S_IRWXU)
