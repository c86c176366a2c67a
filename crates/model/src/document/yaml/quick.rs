use super::super::build::Builder;
pub(super) struct Unusual;
pub(super) fn read<'l>(_text: &str, _start: usize, _end: usize, _builder: Builder<'l>) -> Result<Builder<'l>, Unusual> {
    Err(Unusual)
}
