// A dataset as the first step of a Nextflow pipeline: the process gives the later ones the folder in the mirror.
//   nextflow run main.nf --dataset kather-2018
params.dataset = 'kather-2018'

process PULL {
    // The mirror is shared, and a pull that has nothing to do takes a second: do not skip it because of an old work folder.
    cache false

    input:
    val dataset

    output:
    tuple val(dataset), env(FOLDER), path('bag-info.txt')

    script:
    """
    FOLDER=\$(histods pull ${dataset} --quiet)
    cp "\$FOLDER/../bag-info.txt" .
    """
}

// Your own process in place of this one. Its input is the folder as text, so that no file is copied or linked.
process COUNT {
    input:
    tuple val(dataset), val(folder), path(info)

    output:
    stdout

    script:
    """
    find '${folder}' -type f | wc -l
    """
}

workflow {
    PULL(channel.of(params.dataset)) | COUNT | view
}
