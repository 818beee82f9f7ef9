//! Which module a page comes with. There is one for each size of work, and what a page does not need does not cross a weak
//! line before the first label. Decides by address and modality alone; whoever may not see a page learns nothing by it.

use domain::id::ProjectId;
use domain::project::Modality;

/// Has this module the half of the workbench that images need? The smallest one leaves it out.
///
/// Few places ask: where the stages part ([`crate::workbench::stage`]), where commands and regions come in. What lies behind
/// them is compiled for every module alike, and falls away where nothing leads to it.
pub const HAS_IMAGES: bool = cfg!(feature = "image");

/// The modules for pages, from the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Module {
    /// The pages of an annotator's day, with the workbench for texts.
    Work,
    /// The same pages, with the workbench for texts and images.
    Picture,
    /// Every page.
    Whole,
}

impl Module {
    /// The module for the page at `path`; `modality` is that of the project there, where it is known.
    ///
    /// The smallest one is for a workbench that is known to be one for texts. So a page that asked for another module gets
    /// one that can show it, whatever went wrong in between.
    pub fn of(path: &str, modality: Option<Modality>) -> Self {
        match path {
            "/" | "/password" | "/sign-in" => Self::Work,
            _ if !path.starts_with("/work/") => Self::Whole,
            _ if modality == Some(Modality::Text) => Self::Work,
            _ => Self::Picture,
        }
    }
}

/// The project whose workbench is at `path`.
pub fn workbench_of(path: &str) -> Option<ProjectId> {
    path.strip_prefix("/work/")?.trim_end_matches('/').parse().ok()
}

/// What the project at hand consists of: put into a request's extensions by `server`, where the page is a workbench and the
/// person may see it.
#[derive(Debug, Clone, Copy)]
pub struct WorksOn(pub Modality);

/// What the scripts of the built site are called, without their endings. A site may lack the smaller ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// [`Module::Whole`], and the style sheet.
    pub whole: String,
    /// [`Module::Work`].
    pub work: Option<String>,
    /// [`Module::Picture`].
    pub picture: Option<String>,
    /// The worker that helps with drawing.
    pub assist: Option<String>,
}

impl Names {
    /// The script of this module, or of the one that has every page.
    pub fn of(&self, module: Module) -> &str {
        let own = match module {
            Module::Work => self.work.as_deref(),
            Module::Picture => self.picture.as_deref(),
            Module::Whole => None,
        };
        own.unwrap_or(&self.whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROJECT: &str = "/work/01930000-0000-7000-8000-000000000000";

    #[test]
    fn the_pages_of_an_annotators_day_come_with_the_smallest_module() {
        for path in ["/", "/sign-in", "/password"] {
            assert_eq!(Module::of(path, None), Module::Work, "{path}");
        }
        for path in ["/projects", "/review", "/figures", "/people", "/worker", "/nowhere", "/me"] {
            assert_eq!(Module::of(path, None), Module::Whole, "{path}");
            assert_eq!(Module::of(path, Some(Modality::Text)), Module::Whole, "{path}");
        }
    }

    #[test]
    fn only_a_workbench_known_to_be_for_texts_goes_without_images() {
        assert_eq!(Module::of(PROJECT, Some(Modality::Text)), Module::Work);
        assert_eq!(Module::of(PROJECT, Some(Modality::Image)), Module::Picture);
        assert_eq!(Module::of(PROJECT, None), Module::Picture);
    }

    #[test]
    fn a_workbench_is_known_by_its_address() {
        let project = workbench_of(PROJECT).unwrap();
        assert_eq!(workbench_of(&format!("{PROJECT}/")), Some(project));
        for path in ["/", "/work/", "/work/nothing", "/projects/01930000-0000-7000-8000-000000000000"] {
            assert_eq!(workbench_of(path), None, "{path}");
        }
    }

    #[test]
    fn a_site_without_the_smaller_modules_serves_the_whole_one() {
        let whole = Names { whole: "terrace.1".into(), ..Names::default() };
        let all = Names { work: Some("work.1".into()), picture: Some("picture.1".into()), ..whole.clone() };
        let named =
            |names: &Names| [Module::Work, Module::Picture, Module::Whole].map(|module| names.of(module).to_owned());
        assert_eq!(named(&whole), ["terrace.1", "terrace.1", "terrace.1"]);
        assert_eq!(named(&all), ["work.1", "picture.1", "terrace.1"]);
    }
}
