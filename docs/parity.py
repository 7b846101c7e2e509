"""Makes a log of a sealed month again from the month's parity, without ThyWill; written from FORMAT.md alone, section 7 (The parity of a month).
python3 parity.py ARCHIVE 2024_01 LOG writes to standard output what the month added to the log: of a log that is kept by month that is all of it. It ends with 1, and
says so, where too much is lost. Compare the outcome with the SHA-256 in the seal, and every line with its check."""
import base64, functools, gzip, hashlib, os, re, sys, zlib
ROWS, POWERS = 8, functools.reduce(lambda some, _: some + [some[-1] << 1 ^ (some[-1] >> 7) * 0x11d], range(254), [1])  # of 2 in the field of 256 bytes
LOG = {power: n for n, power in enumerate(POWERS)}
DIVIDED = [bytes([0] + [POWERS[(LOG[b] - LOG[by]) % 255] for b in range(1, 256)]) if by else b'' for by in range(256)]  # by divisor, every byte
crc = lambda data: b'%08x' % zlib.crc32(data)
checked = lambda data: data + b'check|' + crc(data + b'check|') + b'\n'
xor = lambda a, b: (int.from_bytes(a, 'big') ^ int.from_bytes(b, 'big')).to_bytes(len(a), 'big')
blocks_of = lambda data, size: [data[at:at + size].ljust(size, b'\0') for at in range(0, len(data), size)]


def plain(name):
    """The name of a file of a month as it is without the ending of a compressed one (section 2)."""
    return re.sub(r'(\d{4}_\d\d(_([a-z_]+|\d{12}))?\.txt)\.gz$', r'\1', name)


def contents(path):
    """The bytes of a file, also of one that has been compressed (section 2); nothing where there is none, or one that is not as it was written."""
    is_plain = os.path.exists(path)
    data = open(path if is_plain else path + '.gz', 'rb').read() if is_plain or os.path.exists(path + '.gz') else b''
    good = is_plain or data[:16] == bytes.fromhex('1f8b08040000000000ff240054572000') and data[16:48] == hashlib.sha256(data[48:]).digest()
    return (data if is_plain else gzip.decompress(data)) if good else b''


def parts_of(logs, before):
    """What a month added to its logs, as (log, from, bytes): logs as they were when it ended, and how long they were when the month before it did."""
    return [(log, before.get(log, 0), data[before.get(log, 0):]) for log, data in sorted(logs.items()) if len(data) > before.get(log, 0)]


def parity(month, parts):
    """The lines of the parity of a month but for the first and the last."""
    size = 4096 if sum(len(data) for *_, data in parts) > 1 << 20 else 256
    blocks = [block for *_, data in parts for block in blocks_of(data, size)]
    stripes = max([-(-len(blocks) // (256 - ROWS))] + [-(-len(data) // (ROWS * size)) for *_, data in parts])
    lines = [f'month|{month}|', f'shape|{size}|{ROWS}|{stripes}|', *(f'log|{log}|{start}|{start + len(data)}|' for log, start, data in parts)]
    for stripe in range(stripes):
        own = blocks[stripe::stripes]
        lines.append(f'blocks|{stripe}|{" ".join(crc(block).decode() for block in own)}|')
        for row in range(ROWS):
            total = functools.reduce(xor, (block.translate(DIVIDED[row ^ ROWS + n]) for n, block in enumerate(own)))
            lines.append(f'parity|{stripe}|{row}|{base64.b64encode(total).decode()}|')
    return b''.join(line.encode() + crc(line.encode()) + b'\n' for line in lines)


def solve(equations):
    """Solves linear equations of (factors, bytes), as many as unknowns, one column after the other."""
    for column in range(len(equations)):
        pivot = next(n for n in range(column, len(equations)) if equations[n][0][column])
        equations[column], equations[pivot] = equations[pivot], equations[column]
        factors, total = equations[column]
        factors, total = equations[column] = bytes(factors).translate(DIVIDED[factors[column]]), total.translate(DIVIDED[factors[column]])
        for n, (others, sum_of) in enumerate(equations):
            if n != column and others[column]:  # times f is divided by 1/f
                by = DIVIDED[POWERS[-LOG[others[column]] % 255]]
                equations[n] = xor(others, factors.translate(by)), xor(sum_of, total.translate(by))
    return [total for _, total in equations]


def restore(root, month, wanted):
    """What a month added to a log, or None where too much is lost."""
    good = [line[:-9].decode().split('|')[:-1] for line in open(os.path.join(root, f'seals/{month}_parity.txt'), 'rb') if line[-9:-1] == crc(line[:-9])]
    size, rows, stripes = next([int(field) for field in line[1:]] for line in good if line[0] == 'shape')
    parts, blocks = [(line[1], int(line[2]), int(line[3])) for line in good if line[0] == 'log'], []
    for log, start, end in parts:
        data = contents(os.path.join(root, log))[start:end]
        blocks += blocks_of(data.ljust(end - start, b'\0'), size)
    for stripe in range(stripes):
        checks = next((line[2].split(' ') for line in good if line[:2] == ['blocks', str(stripe)]), [])
        sums = [(int(line[2]), base64.b64decode(line[3])) for line in good if line[:2] == ['parity', str(stripe)]]
        lost = [n for n, check in enumerate(checks) if crc(blocks[n * stripes + stripe]).decode() != check]
        if 0 < len(lost) <= len(sums):
            equations = []
            for row, total in sums[:len(lost)]:
                there = [blocks[n * stripes + stripe].translate(DIVIDED[row ^ rows + n]) for n in range(len(checks)) if n not in lost]
                equations.append((bytes(DIVIDED[row ^ rows + n][1] for n in lost), functools.reduce(xor, there, total)))
            for n, block in zip(lost, solve(equations)):
                blocks[n * stripes + stripe] = block
        if not checks or any(crc(blocks[n * stripes + stripe]).decode() != check for n, check in enumerate(checks)):
            return None
    first = sum(-(-(end - start) // size) for log, start, end in parts if log < wanted)
    return next((b''.join(blocks[first:])[:end - start] for log, start, end in parts if log == wanted), None)


if __name__ == '__main__':
    if len(sys.argv) != 4 or not re.fullmatch(r'\d{4}_\d\d', sys.argv[2]):
        sys.exit(__doc__)
    restored = restore(*sys.argv[1:])
    if restored is None:
        sys.exit('too much is lost, or the month added nothing to this log')
    sys.stdout.buffer.write(restored)
