//! What a caller may see, and how that becomes part of a statement.

/// The union of its grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// None: everything.
    grants: Option<Vec<Grant>>,
}

/// Globs with `*` and `?`. An empty list means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grant {
    pub clusters: Vec<String>,
    /// What belongs to a cluster as a whole is seen only by grants over all its namespaces.
    pub namespaces: Vec<String>,
}

impl Grant {
    fn is_any(globs: &[String]) -> bool {
        // However many stars, they stand for any text.
        let is_any = |glob: &String| !glob.is_empty() && glob.chars().all(|letter| letter == '*');
        globs.is_empty() || globs.iter().any(is_any)
    }

    pub fn all_clusters(&self) -> bool {
        Self::is_any(&self.clusters)
    }

    pub fn all_namespaces(&self) -> bool {
        Self::is_any(&self.namespaces)
    }
}

impl Scope {
    pub fn all() -> Self {
        Self { grants: None }
    }

    pub fn nothing() -> Self {
        Self { grants: Some(Vec::new()) }
    }

    pub fn of(grants: Vec<Grant>) -> Self {
        let sees_all = grants.iter().any(|grant| grant.all_clusters() && grant.all_namespaces());
        Self { grants: (!sees_all).then_some(grants) }
    }

    pub fn is_all(&self) -> bool {
        self.grants.is_none()
    }

    /// None: everything.
    pub fn grants(&self) -> Option<&[Grant]> {
        self.grants.as_deref()
    }

    /// Whether a thing of this namespace of this cluster may be seen; the empty namespace is the cluster itself.
    pub fn sees(&self, cluster: &str, namespace: &str) -> bool {
        self.grants.as_ref().is_none_or(|grants| {
            grants.iter().any(|grant| {
                (grant.all_clusters() || grant.clusters.iter().any(|glob| matches(glob, cluster)))
                    && (grant.all_namespaces()
                        || (!namespace.is_empty() && grant.namespaces.iter().any(|glob| matches(glob, namespace))))
            })
        })
    }

    /// Whether all of the cluster may be seen.
    pub fn sees_whole(&self, cluster: &str) -> bool {
        self.sees(cluster, "")
    }

    /// Whether anything of the cluster may be seen.
    pub fn sees_some(&self, cluster: &str) -> bool {
        self.grants.as_ref().is_none_or(|grants| {
            let covers =
                |grant: &Grant| grant.all_clusters() || grant.clusters.iter().any(|glob| matches(glob, cluster));
            grants.iter().any(covers)
        })
    }
}

/// `*` stands for any text, `?` for one character; the whole text must fit.
pub fn matches(glob: &str, text: &str) -> bool {
    let glob: Vec<char> = glob.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut next) = (0, 0);
    // Where the last star stands, and how much it has taken so far.
    let mut star: Option<(usize, usize)> = None;
    while next < text.len() {
        match glob.get(at) {
            Some('*') => {
                star = Some((at, next));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || Some(wanted) == text.get(next) => {
                at += 1;
                next += 1;
            }
            _ => match star {
                Some((place, taken)) => {
                    star = Some((place, taken + 1));
                    at = place + 1;
                    next = taken + 1;
                }
                None => return false,
            },
        }
    }
    glob.iter().skip(at).all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::{Grant, Scope, matches};

    #[test]
    fn globs_match_whole_names() {
        for (glob, text, fits) in [
            ("prod-*", "prod-eu", true),
            ("prod-*", "preprod-eu", false),
            ("*", "", true),
            ("?", "", false),
            ("a*b*c", "aXXbYYbc", true),
            ("a*b*c", "aXXbYY", false),
            ("shop", "shop", true),
            ("shop", "shops", false),
        ] {
            assert_eq!(matches(glob, text), fits, "{glob} {text}");
        }
    }

    #[test]
    fn what_belongs_to_the_cluster_needs_a_grant_over_all_of_it() {
        let grant = |clusters: &[&str], namespaces: &[&str]| Grant {
            clusters: clusters.iter().map(ToString::to_string).collect(),
            namespaces: namespaces.iter().map(ToString::to_string).collect(),
        };
        let scope = Scope::of(vec![grant(&["prod-*"], &["shop", "pay-*"]), grant(&["test"], &[])]);
        assert!(scope.sees("prod-eu", "shop") && scope.sees("prod-us", "pay-in") && scope.sees_whole("test"));
        assert!(!scope.sees("prod-eu", "") && !scope.sees("prod-eu", "kube-system") && !scope.sees("dev", "shop"));
        assert!(Scope::of(vec![grant(&[], &[])]).is_all() && Scope::of(vec![grant(&["*"], &["**"])]).is_all());
        assert!(!Scope::nothing().sees_some("test"));
    }
}
