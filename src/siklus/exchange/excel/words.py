"""Every sentence the import says about a file, a column or a cell: why it was refused or noted, and what to do.

A finding travels as a code with its values (`Finding`), so that it can be stored, counted and translated; the sentence
is made where it is shown. Sentences are Indonesian here; the desk passes them through its translation first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from siklus.kernel.problems import Problem


def N_(text: str) -> str:
    """Mark a sentence for translation without translating it here."""
    return text


@dataclass(frozen=True, slots=True)
class Words:
    """`why` says what is wrong, `todo` what the reader can do; both may name values in braces."""

    why: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a file: a code of CATALOGUE with the values its sentences name.

    `suggestion` is a value that may be put in place of what was found, where that is safe to offer.
    """

    code: str
    values: Mapping[str, str] = field(default_factory=dict)
    suggestion: str = ""

    def why(self, translate: Callable[[str], str] = str) -> str:
        """What is wrong, or why we are in doubt."""
        values = dict(self.values)
        if "reasons" in values:
            values["reasons"] = reasons(values["reasons"], translate)
        return translate(CATALOGUE[self.code].why).format(**values)

    def todo(self, translate: Callable[[str], str] = str) -> str:
        """What to do; empty when nothing needs doing."""
        words = CATALOGUE[self.code].todo
        return translate(words).format(**self.values) if words else ""

    def problem(self, where: str) -> Problem:
        """The same as every other part of Siklus reports it."""
        return Problem(self.code, where, self.why(), "", self.todo())


def reasons(tokens: str, translate: Callable[[str], str] = str) -> str:
    """`name:87,birth_same` -> "nama mirip 87 %, tanggal lahir sama"."""
    parts = (token.partition(":") for token in tokens.split(",") if token)
    return ", ".join(translate(REASONS[name]).format(value=value) for name, _, value in parts)


class Refused(Exception):
    """The file as a whole cannot be taken."""

    def __init__(self, code: str, **values: str) -> None:
        self.finding = Finding(code, values)
        super().__init__(f"{self.finding.why()} {self.finding.todo()}")


REASONS: dict[str, str] = {
    "name_same": N_("nama sama"),
    "name": N_("nama mirip {value} %"),
    "birth_same": N_("tanggal lahir sama"),
    "birth_near": N_("tanggal lahir hampir sama"),
    "mother_same": N_("nama orang tua sama"),
    "mother_differs": N_("nama orang tua lain"),
    "household_same": N_("No. KK sama"),
    "household_differs": N_("No. KK lain"),
    "family_unknown": N_("orang tua dan No. KK tidak dapat dibandingkan"),
    "sex_differs": N_("jenis kelamin lain"),
    "nik_differs": N_("NIK lain"),
}

CATALOGUE: dict[str, Words] = {
    # the file
    "file_empty": Words(N_("Berkas ini kosong."), N_("Pilih berkas yang berisi daftar.")),
    "file_too_big": Words(
        N_("Berkas ini {size} MB; paling besar {limit} MB."),
        N_("Bagi menurut puskesmas atau bulan, lalu unggah satu per satu."),
    ),
    "not_a_spreadsheet": Words(
        N_("Ini bukan lembar kerja Excel (.xlsx) atau CSV."),
        N_("Buka berkas aslinya di Excel, lalu simpan sebagai Excel Workbook (.xlsx)."),
    ),
    "damaged": Words(
        N_("Berkas Excel ini rusak dan tidak dapat dibaca."),
        N_("Buka di Excel, simpan ulang sebagai .xlsx, lalu unggah lagi."),
    ),
    "old_excel": Words(
        N_("Ini format Excel lama (.xls)."),
        N_("Buka di Excel, pilih Simpan Sebagai, Excel Workbook (.xlsx), lalu unggah berkas itu."),
    ),
    "other_format": Words(
        N_("Format {format} belum dapat dibaca."),
        N_("Buka berkasnya, simpan sebagai Excel Workbook (.xlsx) atau CSV, lalu unggah berkas itu."),
    ),
    "encrypted": Words(
        N_("Berkas ini terkunci kata sandi."),
        N_("Buka di Excel, hapus kata sandinya (File, Info, Protect Workbook), simpan, lalu unggah lagi."),
    ),
    "macros": Words(
        N_("Berkas ini berisi makro (program). Demi keamanan tidak dibuka."),
        N_("Simpan sebagai Excel Workbook (.xlsx) tanpa makro, lalu unggah berkas itu."),
    ),
    "zip_bomb": Words(
        N_("Isi berkas ini membengkak {size} MB ketika dibuka, jauh melebihi daftar biasa. Tidak dibuka."),
        N_("Salin daftarnya saja ke buku kerja baru, simpan sebagai .xlsx, lalu unggah."),
    ),
    "formulas": Words(
        N_(
            "Lembar “{sheet}” berisi rumus, yang pertama di sel {cell}. Hasil rumus bisa berubah, jadi tidak diimpor."
        ),
        N_("Blok semua sel, Salin, lalu Tempel Khusus, Nilai (Values); simpan dan unggah lagi."),
    ),
    "too_many_columns": Words(
        N_("Lembar “{sheet}” berisi {found} kolom; paling banyak {limit}."),
        N_("Hapus kolom yang bukan bagian daftar, lalu unggah lagi."),
    ),
    "too_many_rows": Words(
        N_("Lembar “{sheet}” berisi lebih dari {limit} baris."),
        N_("Bagi menurut puskesmas atau bulan, lalu unggah satu per satu."),
    ),
    "too_large_sheet": Words(
        N_(
            "Lembar “{sheet}” terlalu luas untuk sebuah daftar (sel jauh di luar daftar, atau teks sangat panjang)."
        ),
        N_("Salin daftarnya saja ke buku kerja baru, simpan sebagai .xlsx, lalu unggah."),
    ),
    "no_header": Words(
        N_("Judul kolom tidak ditemukan. Yang dicari antara lain: {expected}."),
        N_("Periksa bahwa ada satu baris judul kolom di atas data, atau pilih susunan kolom yang lain."),
    ),
    "no_rows": Words(
        N_("Judul kolom ada di baris {row}, tetapi tidak ada data di bawahnya."),
        N_("Pilih berkas yang berisi daftar."),
    ),
    "wrong_state": Words(
        N_("Impor ini sudah disimpan, dibatalkan, atau dibuang oleh orang lain."),
        N_("Muat ulang halaman ini."),
    ),
    "unknown_layout": Words(N_("Susunan kolom “{layout}” tidak dikenal."), N_("Yang ada: {known}.")),
    "unknown_place": Words(
        N_("Kode wilayah atau fasilitas “{place}” tidak dikenal."), N_("Periksa kodenya.")
    ),
    # a cell
    "empty": Words(N_("{column} wajib ada"), N_("Isi {column}, lalu unggah ulang baris ini")),
    "empty_name": Words(N_("Nama wajib ada"), N_("Isi nama atau “Bayi Ny. …”")),
    "name_not_text": Words(N_("Nama berisi angka saja"), N_("Periksa apakah kolomnya tertukar")),
    "too_long": Words(N_("Terlalu panjang ({found} huruf; paling banyak {limit})"), N_("Ringkas isinya")),
    "not_a_date": Words(N_("Bukan tanggal yang dikenal"), N_("Tulis seperti 31/12/2024 atau 2024-12-31")),
    "no_such_date": Words(
        N_("Tanggal tidak ada di kalender"), N_("Periksa Buku KIA atau KK; mungkin {hint}")
    ),
    "month_day_swapped": Words(
        N_("Bulan tidak ada ({found}); urutannya hari/bulan/tahun"),
        N_("Mungkin {hint}; periksa Buku KIA atau KK"),
    ),
    "short_year": Words(
        N_("Tahun ditulis dua angka, abadnya tidak pasti"), N_("Tulis tahun dengan empat angka")
    ),
    "future": Words(N_("Sesudah hari ini ({today})"), N_("Periksa bulan dan hari")),
    "too_long_ago": Words(N_("Lebih dari {years} tahun yang lalu"), N_("Periksa tahunnya")),
    "nik_lost": Words(
        N_("NIK berubah jadi bilangan oleh Excel; angka terakhirnya hilang"),
        N_("Ubah kolom NIK menjadi teks, isi lagi dari sumbernya, unggah ulang baris ini"),
    ),
    "nik_length": Words(
        N_("NIK harus 16 angka; ini {found} angka"),
        N_("Cocokkan dengan KK atau KTP; kosongkan bila belum punya"),
    ),
    "nik_not_digits": Words(
        N_("NIK hanya boleh angka"), N_("Cocokkan dengan KK atau KTP; kosongkan bila belum punya")
    ),
    "nik_same_digit": Words(N_("NIK ini angka pengisi, bukan NIK; tidak disimpan")),
    "kk_lost": Words(
        N_("No. KK berubah jadi bilangan oleh Excel; angka terakhirnya hilang"),
        N_("Ubah kolom No. KK menjadi teks, isi lagi dari sumbernya, unggah ulang baris ini"),
    ),
    "kk_length": Words(
        N_("No. KK harus 16 angka; ini {found} angka"),
        N_("Cocokkan dengan Kartu Keluarga; kosongkan bila belum ada"),
    ),
    "kk_not_digits": Words(
        N_("No. KK hanya boleh angka"), N_("Cocokkan dengan Kartu Keluarga; kosongkan bila belum ada")
    ),
    "kk_same_digit": Words(N_("No. KK ini angka pengisi; tidak disimpan")),
    "not_a_number": Words(N_("Bukan angka"), N_("Tulis angka saja, seperti 8,2")),
    "number_became_date": Words(
        N_("Excel mengubah angka ini menjadi tanggal"),
        N_("Mungkin {hint}; ubah kolomnya menjadi teks atau angka"),
    ),
    "impossible": Words(N_("Di luar yang mungkin ({low}–{high} {unit})"), N_("Periksa catatan aslinya")),
    "impossible_maybe": Words(
        N_("Di luar yang mungkin ({low}–{high} {unit})"), N_("Mungkin {hint}; periksa catatan aslinya")
    ),
    "unknown_code": Words(N_("Tidak dikenal; yang dikenal {known}"), N_("Pakai salah satu yang dikenal")),
    "not_a_phone": Words(
        N_("Bukan nomor telepon"), N_("Tulis angka saja, seperti 081234567890; atau kosongkan")
    ),
    "not_yes_no": Words(
        N_("Tidak dikenal; tulis Ya, Tidak, atau nomor kartu"), N_("Perbaiki isinya, atau kosongkan")
    ),
    "not_rt": Words(N_("RT/RW berupa angka paling banyak 3 angka"), N_("Tulis seperti 02; atau kosongkan")),
    "error_cell": Words(N_("Sel ini berisi galat Excel"), N_("Isi lagi nilainya")),
    # a row
    "dates_turned": Words(
        N_("{column}: hari dan bulan {count} tanggal mungkin tertukar oleh Excel (antara lain sel {cells})"),
        N_("Cocokkan beberapa dengan Buku KIA sebelum menyimpan"),
    ),
    "measured_no_date": Words(N_("Ada hasil ukur tetapi tanggalnya kosong"), N_("Isi tanggal pengukuran")),
    "before_birth": Words(N_("Sebelum tanggal lahir ({birth})"), N_("Periksa tanggal lahir dan tanggal ini")),
    "record_refused": Words(
        N_("Ditolak oleh pemeriksaan catatan: {found}"), N_("Betulkan baris ini di berkas, lalu unggah lagi")
    ),
    "desa_missing": Words(
        N_("Desa dan posyandu kosong; tempatnya tidak diketahui"), N_("Isi desa atau posyandu")
    ),
    "desa_unknown": Words(N_("Desa tidak ditemukan di wilayah {area}"), N_("Maksudnya {near}?")),
    "desa_unknown_far": Words(
        N_("Desa tidak ditemukan di wilayah {area}"), N_("Periksa ejaannya; pilih desa di wilayah Anda")
    ),
    "desa_double": Words(N_("Ada beberapa desa bernama ini ({near})"), N_("Isi kolom kecamatan")),
    "posyandu_unknown": Words(N_("Posyandu tidak ditemukan di {area}"), N_("Maksudnya {near}?")),
    "posyandu_unknown_far": Words(
        N_("Posyandu tidak ditemukan di {area}"),
        N_("Periksa ejaannya, atau minta Dinkes mendaftarkan posyandunya"),
    ),
    "posyandu_elsewhere": Words(N_("Posyandu ini ada di desa {near}"), N_("Betulkan desa atau posyandunya")),
    "posyandu_double": Words(N_("Ada beberapa posyandu bernama ini ({near})"), N_("Isi kolom desa")),
    # remarks on a row that is kept
    "odd": Words(N_("{column} {found} di luar yang biasa ({low}–{high} {unit}); disimpan")),
    "other_unit": Words(N_("{column} {found} dibaca sebagai {value} {unit}")),
    "nik_birth_differs": Words(N_("NIK menunjukkan lahir {nik_birth}, berkas {birth}")),
    "same_in_file": Words(N_("Orang yang sama dengan baris {row}")),
    "nothing_new": Words(N_("Semua isinya sudah ada; tidak ada yang ditambah")),
    "already_recorded": Words(N_("{kind} {date} sudah ada dengan isi yang sama")),
    "recorded_otherwise": Words(
        N_("{kind} {date} sudah ada dengan {field} {known}; berkas {found}. Yang di Siklus tidak diubah"),
        N_(
            "Cocokkan dengan buku. Bila berkas yang salah, betulkan di berkas; "
            "bila Siklus yang salah, sampaikan ke admin puskesmas"
        ),
    ),
    "after_death": Words(
        N_("{kind} {date} sesudah orang ini tercatat meninggal; tidak disimpan"),
        N_(
            "Bila tanggalnya salah, betulkan di berkas lalu unggah lagi; "
            "bila orangnya masih hidup, sampaikan ke admin puskesmas"
        ),
    ),
    "fact_differs": Words(N_("{field} di Siklus {known}; berkas {found}. Yang di Siklus tidak diubah")),
    "fact_filled": Words(N_("Dilengkapi: {found}")),
    "lives_elsewhere": Words(
        N_("Di Siklus terdaftar di {known}; berkas {found}. Yang di Siklus tidak diubah"),
        N_("Bila orangnya pindah, sampaikan ke admin puskesmas"),
    ),
    "died_or_left": Words(N_("Di Siklus orang ini tercatat {known}")),
    # why a row waits for a person
    "same_nik_other_person": Words(N_("NIK sama dengan {known}, tetapi nama dan tanggal lahirnya lain")),
    "nik_outside": Words(
        N_("NIK ini sudah terdaftar di luar wilayah Anda"),
        N_("Minta Dinkes memeriksanya; mungkin orangnya pindah"),
    ),
    "kk_outside": Words(
        N_("No. KK ini sudah terdaftar di luar wilayah Anda"),
        N_("Minta Dinkes memeriksanya; mungkin keluarganya pindah"),
    ),
    "maybe_same": Words(N_("Mungkin {known}: nilai {score} dari 100 ({reasons})")),
    "several": Words(N_("Ada {count} orang yang sama kuat: {known}")),
    "same_nik_in_file": Words(N_("NIK sama dengan baris {row}, tetapi nama atau tanggal lahirnya lain")),
    "maybe_same_in_file": Words(N_("Mungkin sama dengan baris {row}: nilai {score} dari 100 ({reasons})")),
    "follows_doubtful": Words(N_("Mengikuti baris {row}, yang menunggu keputusan")),
    "follows_skipped": Words(N_("Mengikuti baris {row}, yang dilewati")),
    "nik_taken": Words(N_("Didaftarkan tanpa NIK, karena NIK itu milik orang lain di Siklus")),
}
