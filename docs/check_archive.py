"""Checks an archive of ThyWill without ThyWill; written from FORMAT.md alone, whose sections are the numbers in the comments. Prints FILE:LINE: what.
python3 check_archive.py ARCHIVE ends with 0 sound, 1 not, 2 none. Leaves to ThyWill how values are spelled, the upper part of pages, digests."""
import collections, glob, hashlib, os, re, sys
from parity import checked, contents, crc, parity, parts_of, plain  # 2 and 7, beside this file
SNAPSHOT = dict(roles='roles/role_definitions', invites='system/invite_tokens', settings='system/system_config', feature_flags='system/feature_flags')
LINE = re.compile(rb'(\w+)\|.*\|(added|changed|removed)\|(\d+)\|(\d+)-(\d+)\|(\d+)\|([^|]*\|){4}([0-9a-f]{8})\n')  # 4, 6: as in the journal
Change = collections.namedtuple('Change', 'table fields op seq first last durable stamp month line')
lines, sha = re.compile(rb'[^\n]*\n|[^\n]+').findall, lambda data: hashlib.sha256(data).hexdigest()
text = lambda field: re.sub(r'\\([\\pnrt])|\\u\{(\w+)\}', lambda m: dict(zip('\\pnrt', '\\|\n\r\t')).get(m[1]) or chr(int(m[2], 16)), field)
def check(root):  # gives what is wrong, as FILE:LINE: what; None where there is no archive
    found, month, say = [], lambda at: at[:7].replace('-', '_'), lambda file, line, what: found.append(f'{file}:{line}: {what}')
    files = {os.path.relpath(os.path.join(at, plain(name)), root).replace(os.sep, '/') for at, _, some in os.walk(root) for name in some}
    read = lambda file: contents(os.path.join(root, file)) if file in files else b''
    def same(file, data, good):  # says where a file begins to differ from what it must be
        wrong = (n for n, (a, b) in enumerate(zip(lines(data) + [b''], lines(good) + [b'']), 1) if a != b)
        data == good or say(file, next(wrong, 0) if data else 0, 'is not what it must be' if data else 'is missing or empty')
    def control(name):  # 7, 8: two copies of the same bytes; where they differ the one with the higher seq counts
        both = [(int((re.search(rb'\nseq\|(\d+)\n', read(file)) or '00')[1]), file, read(file)) for file in (name + '.txt', name + '.copy.txt')]
        sound = [copy for copy in both if copy[2] == checked(copy[2][:-15]) or say(copy[1], 0, 'is missing, or its check does not match')]
        known = max(sound)[2].decode().split('\n')[:-2] if sound and not same(*min(sound)[1:], max(sound)[2]) else []
        return [line.split('|') for line in known if line[:1] != '#']
    archive, heads = control('archive'), control('journal/head')
    if heads and int(dict(l[:2] for l in heads)['seq']) != sum(int(l[2]) - 5 for l in heads if l[0] == 'log'):  # 7: a change is one line
        return found + ['journal/head.txt:0: has another seq than its logs have lines']
    if not archive or not heads: return found if {'archive.txt', 'archive.copy.txt', 'journal/head.txt', 'journal/head.copy.txt'} & files else None
    about, head, tables = dict(l[:2] for l in archive), dict(l[:2] for l in heads), {l[1]: l[3:] for l in archive if l[0] == 'table'}
    extents, homes = {l[1]: (int(l[2]), int(l[3])) for l in heads if l[0] in ('log', 'journal')}, {l[1]: l[2] for l in archive if l[0] == 'table'}
    end, value = int(head['seq']), lambda change, column: dict(zip(tables[change.table], change.fields)).get(column, r'\N')
    home = lambda change: homes[change.table].replace('{month}', change.month).replace('{year}', change.month[:4])
    def header(kind, file, fields):  # 4, 6, 10: the first and the fourth line follow from the file, and the fifth checks the others
        top = f'# ThyWill archive, format {about["format"]}: the {kind} {file} of community {about["community"]}\n'.encode()
        top += b''.join(lines(read(file))[1:3]) + f'#|{fields}\n# header check|'.encode()
        return top + crc(top) + b'\n'
    def body(file, some):  # 4, 6: the header and the changes, to the byte
        top = header('log', file, '|'.join(tables[logs[file]])) if file in logs else header('journal', file, "table|then the fields of that table's log")
        return top + b''.join(change.line.partition(b'|')[2] if file in logs else change.line for change in some)
    def parse(line):  # the change that a journal line is, or None
        match, (table, *fields) = LINE.fullmatch(line), line.decode('utf-8', 'replace').split('|')
        seq, first, last, durable = map(int, match.group(3, 4, 5, 6)) if match else (0, 0, 0, 0)
        good = table in tables and len(fields) == len(tables[table]) and durable < first <= seq <= last and match[8] == crc(line[:-9])
        return Change(table, fields, match[2], seq, first, last, durable, (fields[0], *fields[-7:-1]), month(fields[0]), line) if good else None
    names = {table: re.sub(r'\\{(month|year)\\}', r'\\d{4}(_\\d\\d)?', re.escape(where)) for table, where in homes.items()}
    logs = {file: table for file in sorted(files | set(extents)) for table in tables if re.fullmatch(names[table], file)}
    journals = {file: int(file[-16:-4]) for file in sorted(files) if re.fullmatch(r'journal/\d{4}_\d\d_\d{12}\.txt', file)}
    pages = {file: [] for file in files if re.fullmatch(r'prayers/\d{4}/\d\d/\d{4}_\d\d_\d\d_prayer_at_\d{4}_[0-9a-z]+\.txt', file)}
    changes, ahead, journal, of, past, sealed = {}, [], '', collections.defaultdict(list), '|', {}
    for file in [*logs, *journals, *pages]:  # 4, 6, 9: all good lines there are; what one file has lost is taken from another
        for change in filter(None, (parse(f'{logs[file]}|'.encode() + line if file in logs else line) for line in lines(read(file)))):
            changes.setdefault(change.seq, change) if change.seq <= end else ahead.append(change.seq * (file in logs))
    start = {file: extents[file][1] if file in extents else len(body(file, [])) * read(file).startswith(body(file, [])) for file in journals}
    rest = [parse(line) for file in journals if file in extents or journals[file] > end for line in [b''][start[file]:] + lines(read(file)[start[file]:])]
    good = next((n for n, change in enumerate(rest) if not change or change.seq != end + 1 + n), len(rest))
    tail = [change for change in rest[:good] if change.last <= end + good]  # 6: what is behind, and a file without its header, is torn, unless it was seen safe
    seen = ahead + [change.durable for change in rest[good:] if change] + [end + good + 1 for change in rest[good:good + 1] if change]
    max(seen, default=0) > end + len(tail) and say(max([*journals, 'journal']), 0, f'lacks change {end + len(tail) + 1}, which had been safe')
    changes.update((change.seq, change) for change in tail)
    [say('.', 0, f'change {seq} is missing') for seq in range(1, end + 1) if seq not in changes]  # 5: no number is missing,
    hashed = '0' * 64  # 7: the running hash covers every byte of every change
    for seq in range(1, end * (len(changes) >= end) + 1): hashed = sha((hashed + sha(changes[seq].line[:-1])).encode()) if seq in changes else ''
    found or head.get('history', hashed) == hashed or say('journal/head.txt', 0, f'has another running hash of the changes up to {end}')
    for seq in sorted(changes):  # time goes on, and transactions are whole
        change, before = changes[seq], changes.get(seq - 1)
        wrong = change.stamp != before.stamp if before and before.last >= seq else (before or seq == 1) and change.first != seq
        if wrong or before and change.stamp[0] < before.stamp[0] or seq == end and (change.last, change.stamp[0]) != (end, head['at']):
            say(home(change), 0, f'change {seq} does not go on where the one before it ends')
        begins = f'journal/{change.month}_{seq:012d}.txt'  # 6: a journal file begins with each month, and where a name says so
        journal = begins if begins in files or journal[8:15] != change.month else journal
        for name in (home(change), journal, (value(change, 'id' if change.table == 'prayers' else 'prayer'), 'prayer'), (change.table,)):
            of[name].append(change)
    for file in sorted({*(name for name in of if isinstance(name, str)), *extents, *logs, *journals} - {''}):
        size = extents.get(file, (0, 0))[1] if (file in extents or journals.get(file, 0) > end if file.startswith('journal/') else tail and len({*lines(read(file))}) == len(lines(read(file)))) else None
        same(file, read(file)[:size], good := body(file, of[file])[:size])  # what is behind the head is written again
        extents.get(file, 0) in (0, (len(lines(good)), len(good))) or [say(name, 0, f'the head and {file} differ in lines') for name in ('journal/head.txt', file)]
    for prayer, some in ((name[0], some) for name, some in of.items() if name[1:] == ('prayer',)):  # 9: each prayer has its page
        at = next((change.stamp[0] for change in some if change.table == 'prayers'), '').replace('-', '_').replace(':', '')
        name = prayer if re.fullmatch('[0-9a-z]{1,32}', prayer) else 'x' + sha(text(prayer).encode())[:32]
        pages |= {f'prayers/{at[:4]}/{at[5:7]}/{at[:10]}_prayer_at_{at[11:15]}_{name}.txt': some} if at else {}
    for file, some in sorted(pages.items()):  # 9: below the last line "Record:" stand the lines that name the prayer
        record, data = b''.join(change.line for change in some), read(file)
        good = data == checked(data[:-15]) and record == data.rpartition(b'\nRecord:')[2].partition(b'\n')[2][:-15]
        is_open = [some[-1].seq > end and (file in files or change.seq > end) for change in some if change.table == 'prayers'][:1]  # being written
        good and some or any(is_open) or say(file, 0, 'is missing or damaged, or has other lines than the logs')
    for table, file in ((table, name + '.txt') for table, name in SNAPSHOT.items()):  # 10: the present rows by their keys, "at" behind the columns
        then = max(end, int((re.search(rb'\nas_of\|(\d+)\ncheck\|\w+\n$', read(file)) or '00')[1]))
        rows, width, sign = [row for row in of[table,] if row.seq <= then], len(tables[table]) - 9, '=' if table == 'settings' else '|'
        line = lambda fields: '|'.join([*fields[1:width], fields[0], *fields[width:]]).replace('|', sign, 1)
        is_usable = lambda row: value(row, 'max_uses') == r'\N' or int(value(row, 'used_count').strip(r'\N') or 0) < int(value(row, 'max_uses'))
        some = sorted({row.fields[1]: row for row in rows}.values(), key=lambda row: text(row.fields[1]).encode('utf-16-be'))
        good = ''.join(line(row.fields) for row in some if row.op != b'removed' and is_usable(row)) + f'as_of|{rows[-1].seq if rows else 0}\n'
        same(file, read(file), checked(header('snapshot', file, line(tables[table])) + good.encode()) if rows else b'')
    for ended in sorted({row.month for row in changes.values()} | {name[6:13] for name in files if re.match(r'seals/\d{4}_\d\d(_parity)?.txt$', name)}):
        file, seqs = f'seals/{ended}.txt', [seq for seq, change in changes.items() if change.month == ended]  # 7: each month that has ended is sealed
        some = {log: [row for row in of[log] if row.month <= ended] for log in logs if (ended in log) >= ('{month}' in homes[logs[log]])}
        some = {log: body(log, rows) for log, rows in some.items() if rows}
        good = f'month|{ended}\nfirst|{min(seqs, default=0)}\nlast|{max(seqs, default=0)}\nprevious|{past}\n'
        good += ''.join(f'log|{log}|{len(lines(data))}|{len(data)}|{sha(data)}\n' for log, data in some.items())
        for name, good in ((file, good.encode()), (file[:-4] + '_parity.txt', parity(ended, parts_of(some, sealed)))):
            good = checked(b''.join(lines(read(name))[:1]) + good) if seqs and ended <= changes[max(changes)].month else b''
            ended >= month(head['at']) and not read(file) or same(name, read(name), good)
        past, sealed = f'{ended}|{sha(read(file))}', {log: len(data) for log, data in some.items()}
    return found
if __name__ == '__main__':
    result, logs = check(sys.argv[1]) if len(sys.argv) == 2 else None, [open(log, 'rb').read() for log in glob.glob(sys.argv[-1] + '/operations/*')]
    sound = 'sound' + any(gaps := [len(re.findall(rb'(?m)^[^|]+\|gap\|lost\|', log)) for log in logs]) * f', {sum(gaps)} accepted gaps'
    sys.exit(print(*(['no archive, or not one argument'] if result is None else result or [sound]), sep='\n') or (2 if result is None else len(result) > 0))
