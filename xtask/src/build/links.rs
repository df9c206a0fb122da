//! What in the compiled Wasm refers to what: functions and data as nodes, the linker's relocations as edges. With
//! it can be told what is still needed when some functions are taken out; a Wasm module alone does not say which
//! of its data a function reads.
//!
//! Formats: <https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md>.

use std::ops::Range;

use anyhow::{Context, Result, ensure};
use rustc_demangle::demangle;
use wasmparser::{
    ExternalKind, KnownCustom, Linking, Parser, Payload, RelocSectionReader, RelocationType,
    SymbolInfo, TypeRef,
};

/// A function by its index in the module, or a piece of a data segment by its symbol.
#[derive(Clone, Debug)]
enum Target {
    Function(usize),
    Data(Piece),
    /// Something that every module keeps: a type, a table, a global.
    Other,
}

/// A piece of a data segment.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Counted from 0.
    pub(super) segment: usize,
    /// Bytes of the segment.
    pub(super) bytes: Range<usize>,
}

/// The module's functions and data, and what refers to what.
#[derive(Default)]
pub(super) struct Links {
    symbols: Vec<Target>,
    /// Readable names of functions, each with its index.
    names: Vec<(usize, String)>,
    imported: usize,
    /// Where each function of the module's own stands in the file.
    bodies: Vec<Range<usize>>,
    /// Where each data segment's content stands in the file.
    segments: Vec<Range<usize>>,
    /// Names of exports and the functions that they are.
    exported: Vec<(String, usize)>,
    /// A place in the file, and the symbol that it refers to.
    references: Vec<(usize, usize)>,
}

/// What is needed, and what is not.
pub(super) struct Needs {
    /// For each function, by its index in the module.
    pub(super) functions: Vec<bool>,
    /// Data that nothing needs. None of it is also part of something needed.
    pub(super) idle: Vec<Piece>,
}

impl Links {
    /// Reads a module that was linked with `--emit-relocs`.
    ///
    /// # Errors
    /// If it is no Wasm, or not linked so.
    pub(super) fn read(wasm: &[u8]) -> Result<Self> {
        let mut links = Self::default();
        // Starts of sections in the file, by their index: relocations count from there.
        let mut starts: Vec<usize> = Vec::new();
        let mut relocations = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            if let Some((_, range)) = payload.as_section() {
                starts.push(range.start);
            }
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let is_function =
                            matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_));
                        links.imported += usize::from(is_function);
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            links.exported.push((export.name.to_owned(), export.index as usize));
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => links.bodies.push(body.range()),
                Payload::DataSection(data) => {
                    for segment in data {
                        let segment = segment?;
                        let end = segment.range.end;
                        links.segments.push(end - segment.data.len()..end);
                    }
                }
                Payload::CustomSection(custom) => match custom.as_known() {
                    KnownCustom::Linking(linking) => {
                        for part in linking.subsections() {
                            if let Linking::SymbolTable(symbols) = part? {
                                for symbol in symbols {
                                    links.add_symbol(&symbol?);
                                }
                            }
                        }
                    }
                    KnownCustom::Reloc(section) => relocations.push(section),
                    _ => {}
                },
                _ => {}
            }
        }
        ensure!(!relocations.is_empty(), "the Wasm was linked without --emit-relocs");
        for section in relocations {
            links.add_references(&section, &starts)?;
        }
        Ok(links)
    }

    fn add_symbol(&mut self, symbol: &SymbolInfo<'_>) {
        self.symbols.push(match symbol {
            SymbolInfo::Func { index, name, .. } => {
                let index = *index as usize;
                if let Some(name) = name {
                    // The other form has no hashes of crates in it.
                    self.names.push((index, format!("{:#}", demangle(name))));
                }
                Target::Function(index)
            }
            SymbolInfo::Data { symbol: Some(place), .. } => {
                let start = place.offset as usize;
                let bytes = start..start + place.size as usize;
                Target::Data(Piece { segment: place.index as usize, bytes })
            }
            _ => Target::Other,
        });
    }

    fn add_references(&mut self, section: &RelocSectionReader<'_>, starts: &[usize]) -> Result<()> {
        let start = *starts
            .get(section.section_index() as usize)
            .context("relocations of a section that there is not")?;
        for entry in section.entries() {
            let entry = entry?;
            // The index of all others is that of a symbol.
            if entry.ty != RelocationType::TypeIndexLeb {
                self.references.push((start + entry.offset as usize, entry.index as usize));
            }
        }
        self.references.sort_unstable();
        Ok(())
    }

    /// Functions with `part` in their name.
    pub(super) fn named<'a>(&'a self, part: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.names.iter().filter(move |(_, name)| name.contains(part)).map(|(index, _)| *index)
    }

    /// What those of the module's exports need that are `wanted`, where nothing comes to `ends`.
    ///
    /// # Errors
    /// If something refers to a symbol that there is not.
    pub(super) fn needs(&self, wanted: impl Fn(&str) -> bool, ends: &[usize]) -> Result<Needs> {
        let mut functions = vec![false; self.imported + self.bodies.len()];
        let mut data = vec![false; self.symbols.len()];
        let mut todo: Vec<Range<usize>> = Vec::new();
        let visit = |index: usize, functions: &mut Vec<bool>, todo: &mut Vec<Range<usize>>| {
            if !ends.contains(&index) && !std::mem::replace(&mut functions[index], true) {
                todo.extend(index.checked_sub(self.imported).map(|own| self.bodies[own].clone()));
            }
        };
        for (_, index) in self.exported.iter().filter(|(name, _)| wanted(name)) {
            visit(*index, &mut functions, &mut todo);
        }
        while let Some(place) = todo.pop() {
            for symbol in self.references_in(&place) {
                match self.symbols.get(symbol).context("a reference to no symbol")? {
                    Target::Function(index) => visit(*index, &mut functions, &mut todo),
                    Target::Data(piece) if !std::mem::replace(&mut data[symbol], true) => {
                        todo.extend(self.in_file(piece));
                    }
                    Target::Data(_) | Target::Other => {}
                }
            }
        }
        Ok(Needs { functions, idle: self.idle(&data) })
    }

    fn references_in(&self, place: &Range<usize>) -> impl Iterator<Item = usize> {
        let first = self.references.partition_point(|(at, _)| *at < place.start);
        let end = place.end;
        self.references[first..].iter().take_while(move |(at, _)| *at < end).map(|(_, s)| *s)
    }

    /// None for a piece that is all zeros and not in the file.
    fn in_file(&self, piece: &Piece) -> Option<Range<usize>> {
        let segment = self.segments.get(piece.segment)?;
        Some(segment.start + piece.bytes.start..segment.start + piece.bytes.end)
    }

    /// Pieces that are not needed, without what they share with others that are.
    fn idle(&self, needed: &[bool]) -> Vec<Piece> {
        let pieces = || {
            self.symbols.iter().zip(needed).filter_map(|(symbol, needed)| match symbol {
                Target::Data(piece) if piece.segment < self.segments.len() => {
                    Some((piece, *needed))
                }
                _ => None,
            })
        };
        let overlaps = |piece: &Piece, other: &Piece| {
            piece.segment == other.segment
                && piece.bytes.start < other.bytes.end
                && other.bytes.start < piece.bytes.end
        };
        let shared =
            |piece: &Piece| pieces().any(|(other, needed)| needed && overlaps(piece, other));
        pieces()
            .filter(|(piece, needed)| !needed && !shared(piece))
            .map(|(piece, _)| piece.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_that_does_not_list_its_references_is_refused() {
        let error = Links::read(b"\0asm\x01\0\0\0").err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("the Wasm was linked without --emit-relocs"));
    }
}
