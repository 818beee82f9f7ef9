//! Items of a test world, added without an import's upload and job.

use super::{World, told};
use crate::blob::Picture;
use crate::import::insert::NewItem;
use domain::export::{NewExport, Only};
use domain::id::{ImportId, ItemId, ProjectId};
use domain::import::{ImportOptions, ImportView};
use domain::item::{ImageRef, ItemData};
use serde_json::Map;

impl World {
    /// Items with these keys and texts, all new to the project, without an import's upload and job.
    pub async fn texts(&self, project: ProjectId, records: &[(&str, &str)]) -> Vec<ItemId> {
        let records = records
            .iter()
            .map(|(key, text)| {
                NewItem::open(Some((*key).to_owned()), ItemData::Text((*text).to_owned()), Map::default())
            })
            .collect();
        self.items(project, records, Vec::new()).await
    }

    /// Items with plain pictures of these names, widths and heights, all new to the project.
    pub async fn images(&self, project: ProjectId, records: &[(&str, u32, u32)]) -> Vec<ItemId> {
        let mut items = Vec::new();
        let mut pictures = Vec::new();
        for (name, width, height) in records {
            let picture = told(self.picture(name, *width, *height).await.map_err(crate::Error::from), name);
            let data = ItemData::Image(ImageRef {
                url: String::new(),
                width: picture.width,
                height: picture.height,
                sha256: picture.sha256.clone(),
                name: (*name).to_owned(),
                tiles: picture.tiles,
            });
            items.push(NewItem::open(Some((*name).to_owned()), data, Map::default()));
            pictures.push(picture);
        }
        self.items(project, items, pictures).await
    }

    /// A PNG of one colour made from its name, so that names make contents.
    async fn picture(&self, name: &str, width: u32, height: u32) -> anyhow::Result<Picture> {
        let colour = blake3::hash(name.as_bytes());
        let [r, g, b, ..] = *colour.as_bytes();
        let file = self.folder.join(format!("{}.png", uuid::Uuid::now_v7()));
        image::RgbImage::from_pixel(width, height, image::Rgb([r, g, b])).save(&file)?;
        match crate::blob::take_in(&self.engine, file, "picture.png".to_owned()).await {
            Ok(Ok(picture)) => Ok(picture),
            other => anyhow::bail!("{other:?}"),
        }
    }

    async fn items(&self, project: ProjectId, records: Vec<NewItem>, pictures: Vec<Picture>) -> Vec<ItemId> {
        let now = self.engine.now();
        let added = self
            .engine
            .db()
            .write(move |tx| {
                Box::pin(async move {
                    for picture in &pictures {
                        crate::blob::record(tx, now, picture).await?;
                    }
                    crate::import::insert::insert(tx, now, project.0, None, records).await
                })
            })
            .await;
        told(added, "items").into_iter().map(|id| id.map_or_else(|| panic!("there already"), ItemId)).collect()
    }

    /// An uploaded file, its import still waiting.
    pub async fn upload(&self, project: ProjectId, name: &str, bytes: &[u8]) -> crate::Result<ImportView> {
        let options = ImportOptions { name: Some(name.to_owned()), ..ImportOptions::default() };
        self.upload_as(project, options, bytes).await
    }

    /// The same, read as the options say.
    pub async fn upload_as(
        &self,
        project: ProjectId,
        options: ImportOptions,
        bytes: &[u8],
    ) -> crate::Result<ImportView> {
        let mut upload = crate::import::begin(&self.boss().await, project, options).await?;
        upload.write(bytes).await?;
        upload.finish().await
    }

    /// An uploaded file, imported.
    pub async fn import(&self, project: ProjectId, name: &str, bytes: &[u8]) -> ImportView {
        let queued = told(self.upload(project, name, bytes).await, name);
        self.imported(queued.id).await
    }

    /// An import after all that waits was worked.
    pub async fn imported(&self, import: ImportId) -> ImportView {
        self.run_jobs().await;
        told(crate::import::get(&self.boss().await, import).await, "import")
    }

    /// Works all imports and exports that wait.
    pub async fn run_jobs(&self) {
        told(crate::job::run_waiting(&self.engine).await, "jobs");
    }

    /// Works only the first groups of the import that waits, as a process does that is killed then.
    pub async fn run_groups(&self, groups: usize) {
        let row = told(crate::import::work::take(&self.engine).await, "import");
        let row = row.unwrap_or_else(|| panic!("no import waits"));
        let mut work = told(crate::import::work::Work::begin(&self.engine, row).await, "import");
        for _ in 0..groups {
            told(work.step().await, "group");
        }
    }

    /// The bytes of an export of this format.
    pub async fn exported(&self, project: ProjectId, format: &str, only: Only) -> Vec<u8> {
        let boss = self.boss().await;
        let new = NewExport { format: format.to_owned(), only };
        let export = told(crate::export::create(&boss, project, new).await, format).id;
        self.run_jobs().await;
        let file = told(crate::export::file(&boss, export).await, format);
        told(file.file.read().await, format)
    }

    /// Changes stored rows behind the engine's back, to see that an audit finds it.
    pub async fn tamper(&self, sql: &str) {
        let sql = sql.to_owned();
        let changed = self.engine.db().write(move |tx| {
            Box::pin(async move { Ok(sea_orm::ConnectionTrait::execute_unprepared(tx, &sql).await?) })
        });
        told(changed.await, "tamper");
    }
}
